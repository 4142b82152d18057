import CKernels
import Foundation

/// How fast this machine's core can multiply and add at best, measured: the limit that kernels are held against.
public enum FMAPeak {
  /// Operations a second of independent chains of fused multiply-adds on this thread for about `seconds`, by the processor
  /// time that the thread got; the best of several stretches.
  public static func measure<Scalar: KernelScalar>(
    _ kernels: Kernels<Scalar>, seconds: Double = 0.2
  ) -> Double {
    let room = NumberBuffer<Scalar>(Scalar.Lanes.scalarCount)
    let stretches = 8
    var rounds: Int64 = 1000
    var best = 0.0
    var spent = 0.0
    while spent < seconds {
      for index in 0..<room.count { room.base[index] = 0.5 }
      let start = threadSeconds()
      let operations = kernels.table.pointee.peak(rounds, room.base)
      let taken = threadSeconds() - start
      spent += taken
      if taken < seconds / Double(stretches) / 2 {
        rounds *= 2
      } else {
        best = max(best, operations / taken)
      }
    }
    return best
  }

  /// The processor time that the calling thread has had.
  public static func threadSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
