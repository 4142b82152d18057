/// A read with the journal position that it reflects (`Cairn-Event-Id`).
public struct Snapshot<Value: Sendable>: Sendable {
  /// What was read.
  public var value: Value
  /// The highest journal position at that moment.
  public var position: Int
  /// Makes a snapshot.
  public init(value: Value, position: Int) {
    self.value = value
    self.position = position
  }
}

/// One page of a list, and the key to go on after.
public struct Page<Item: Sendable, Key: Sendable>: Sendable {
  public var items: [Item]
  /// The key of the last item where more follow, else nil.
  public var next: Key?
  /// Makes a page.
  public init(items: [Item], next: Key?) {
    self.items = items
    self.next = next
  }
}
