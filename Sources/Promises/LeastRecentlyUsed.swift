/// Values by key, up to a limit of their costs together; the least recently used leave first.
///
/// Every method is O(1), but for those that leave. Not thread-safe: its owner holds a lock.
public struct LeastRecentlyUsed<Key: Hashable, Value> {
  fileprivate struct Node {
    var value: Value
    var cost: Int
    var older: Key?
    var newer: Key?
  }

  /// The most that the values may cost together.
  public let limit: Int
  /// What the values cost together; never above the limit.
  public private(set) var cost = 0
  private let costOf: @Sendable (Value) -> Int
  private var nodes: [Key: Node] = [:]
  private var oldest: Key?
  private var newest: Key?

  /// Makes an empty cache; `cost` is asked once for each value, and by default the values are counted.
  public init(limit: Int, cost: @escaping @Sendable (Value) -> Int = { _ in 1 }) {
    self.limit = limit
    costOf = cost
  }

  /// How many values there are.
  public var count: Int { nodes.count }

  /// The value of a key, which is now the most recently used; nil where there is none.
  public mutating func value(for key: Key) -> Value? {
    guard let node = unlink(key) else { return nil }
    link(key, node)
    return node.value
  }

  /// Takes a value in, in place of the key's old one. One that costs more than the limit by itself leaves at once.
  public mutating func insert(_ value: Value, for key: Key) {
    removeValue(for: key)
    let node = Node(value: value, cost: costOf(value))
    cost += node.cost
    link(key, node)
    while cost > limit, let oldest { removeValue(for: oldest) }
  }

  /// Removes the value of a key and gives it; nil where there is none.
  @discardableResult
  public mutating func removeValue(for key: Key) -> Value? {
    guard let node = unlink(key) else { return nil }
    cost -= node.cost
    return node.value
  }

  /// Takes a node out of the list and out of the table.
  private mutating func unlink(_ key: Key) -> Node? {
    guard let node = nodes.removeValue(forKey: key) else { return nil }
    if let older = node.older { nodes[older]?.newer = node.newer } else { oldest = node.newer }
    if let newer = node.newer { nodes[newer]?.older = node.older } else { newest = node.older }
    return node
  }

  /// Puts a node at the new end.
  private mutating func link(_ key: Key, _ node: Node) {
    var node = node
    (node.older, node.newer) = (newest, nil)
    if let newest { nodes[newest]?.newer = key } else { oldest = key }
    nodes[key] = node
    newest = key
  }
}

extension LeastRecentlyUsed: Sendable where Key: Sendable, Value: Sendable {}
extension LeastRecentlyUsed.Node: Sendable where Key: Sendable, Value: Sendable {}
