import CKernels
import Foundation

/// The instructions that kernels are compiled for; each machine has one or more of them.
public enum InstructionSet: String, CaseIterable, Sendable {
  /// x86-64 with 64-byte vectors.
  case avx512
  /// x86-64 with 32-byte vectors and fused multiply-add.
  case avx2
  /// 64-bit Arm.
  case neon
  /// Every x86-64 machine; its sums round twice, so its bits are its own.
  case baseline

  /// Those that this machine has, the fastest first.
  public static let available = allCases.filter { cairn_kernels_single($0.number) != nil }

  /// The one in use: the environment's `CAIRN_ISA` where it names one that this machine has, else the fastest.
  public static let current: InstructionSet =
    (try? chosen(ProcessInfo.processInfo.environment["CAIRN_ISA"])) ?? available[0]

  /// Whether products and sums are fused, which decides the bits.
  public var isFused: Bool { self != .baseline }

  /// The one that a name asks for; the fastest where there is no name. Throws a sentence where this machine lacks it.
  public static func chosen(_ name: String?) throws(InstructionSetError) -> InstructionSet {
    guard let name, !name.isEmpty else { return available[0] }
    guard let found = InstructionSet(rawValue: name), available.contains(found) else {
      throw InstructionSetError(name: name)
    }
    return found
  }

  var number: Int32 {
    switch self {
    case .avx512: Int32(cairn_isa_avx512)
    case .avx2: Int32(cairn_isa_avx2)
    case .neon: Int32(cairn_isa_neon)
    case .baseline: Int32(cairn_isa_baseline)
    }
  }
}

/// A name that is no instruction set of this machine.
public struct InstructionSetError: Error, CustomStringConvertible {
  let name: String

  public var description: String {
    let names = InstructionSet.available.map(\.rawValue).joined(separator: ", ")
    let known = InstructionSet(rawValue: name) == nil ? "not an instruction set" : "not one that this machine has"
    return "CAIRN_ISA is \"\(name)\", which is \(known); set it to one of \(names), or leave it unset."
  }
}
