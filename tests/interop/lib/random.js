'use strict';
// A seeded generator of random numbers, so that a failing run can be repeated exactly.

class Random {
  constructor(seed) {
    this.state = seed >>> 0;
  }

  // The next number in [0, 1): the mixing steps of a 32-bit Weyl sequence.
  next() {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  below(limit) {
    return Math.floor(this.next() * limit);
  }

  chance(percent) {
    return this.below(100) < percent;
  }

  pick(list) {
    return list[this.below(list.length)];
  }
}

module.exports = {Random};
