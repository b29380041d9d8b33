'use strict';
// Filters the cases and opens folded parts for printing. Without it everything is there and readable.
(() => {
  const filter = document.getElementById('filter');
  const cases = [...document.querySelectorAll('section.case')];
  const details = [...document.querySelectorAll('details')];

  const apply = () => {
    const verdicts = new Set([...filter.elements.verdict].filter(box => box.checked).map(box => box.value));
    const profile = filter.elements.profile.value;
    let shown = 0;
    for (const section of cases) {
      const fits = verdicts.has(section.dataset.verdict) && (profile === '' || section.dataset.profile === profile);
      section.hidden = !fits;
      if (fits) ++shown;
    }
    document.getElementById('filter-state').textContent = `${shown} of ${cases.length} cases shown`;
  };

  // A link must lead somewhere: it shows a case that the filter hides, and opens what is folded around its target.
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    const section = target.closest('section.case');
    if (section && section.hidden) {
      filter.reset();
      apply();
    }
    for (let box = target.closest('details'); box; box = box.parentElement.closest('details')) box.open = true;
    target.scrollIntoView();
  };

  if (filter) {
    filter.hidden = false;
    filter.addEventListener('change', apply);
    filter.addEventListener('submit', event => event.preventDefault());
    document.getElementById('open-all').addEventListener('click', () => details.forEach(box => { box.open = true; }));
    document.getElementById('close-all').addEventListener('click', () => details.forEach(box => { box.open = false; }));
    apply();
  }
  addEventListener('hashchange', reveal);
  if (location.hash) reveal();

  let closed = [];
  addEventListener('beforeprint', () => {
    closed = details.filter(box => !box.open);
    for (const box of closed) box.open = true;
  });
  addEventListener('afterprint', () => {
    for (const box of closed) box.open = false;
  });
})();
