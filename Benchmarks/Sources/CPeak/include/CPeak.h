#ifndef CPEAK_H
#define CPEAK_H

/// Which instructions a peak is measured with.
enum cpeak_isa { CPEAK_BASELINE = 0, CPEAK_AVX2 = 1, CPEAK_AVX512 = 2 };

/// Whether this processor has them.
int cpeak_has(int isa);

/// Runs `rounds` rounds of independent single-precision multiply-add chains, all in registers.
///
/// Gives how many operations that were (a multiply-add is two), or 0 where the processor lacks the instructions.
double cpeak_run(int isa, long rounds);

#endif
