import CSystem
import Dispatch
import HTTPMessages
import Synchronization

/// What all connections of a server hold in memory: answers that wait to be sent, and requests that come in.
final class MemoryBudget: Sendable {
  /// The most bytes of an answer that is sent however little room is left.
  static let smallAnswer = 4 << 10
  /// The fewest bytes of a block that goes back to the system as soon as it is freed.
  private static let largeBlock: Int32 = 1 << 20
  /// Bytes of answers and requests after which memory that was freed in smaller blocks is given back.
  private static let bytesBetweenReturns = 16 << 20

  private let limit: Int
  private let bytes = Atomic<Int>(0)
  /// Bytes that went through since memory was given back last.
  private let passed = Atomic<Int>(0)

  init(limit: Int) {
    self.limit = limit
    cairn_return_blocks_from(Self.largeBlock)
  }

  /// The answer to what has no room.
  static let refusal: HTTPResponse = {
    var response = MessageFault(
      503, "Too many answers wait for clients that do not take them; nothing was done. Try again soon."
    ).response
    response.headers["Retry-After"] = "2"
    return response
  }()

  /// Bytes held now.
  var held: Int { bytes.load(ordering: .relaxed) }

  /// Whether nothing more may be taken that can be refused.
  var isOver: Bool { held > limit }

  /// Whether clients that do not take their answers are given less time.
  var isTight: Bool { held > limit / 2 }

  /// Whether an answer of `count` bytes has no room; what is left then is for requests that change something.
  func hasNoRoom(for count: Int) -> Bool { count > Self.smallAnswer && held + count > limit / 4 * 3 }

  /// A connection holds more, or less.
  func change(by difference: Int) {
    bytes.add(difference, ordering: .relaxed)
    if difference > 0 { passed.add(difference, ordering: .relaxed) }
  }

  /// Gives back what was freed, where that may be much; on a thread of its own, because it takes a while.
  func returnMemory() {
    guard passed.load(ordering: .relaxed) > Self.bytesBetweenReturns else { return }
    passed.store(0, ordering: .relaxed)
    DispatchQueue.global(qos: .utility).async { cairn_return_memory() }
  }

  /// Whether memory is to be given back before the server may rest.
  var owesMemory: Bool { passed.load(ordering: .relaxed) > Self.bytesBetweenReturns }
}
