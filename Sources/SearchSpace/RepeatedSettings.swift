/// Settings that a model has once for each of its blocks; of a perceptron the hidden layers are the blocks.
///
/// A setting of block i is named by its stem and i, counted from 1. How many blocks there are is a setting of its own.
public struct RepeatedSettings: Sendable, Hashable {
  /// One setting of every block.
  public struct Setting: Sendable, Hashable {
    /// What the names of all blocks begin with.
    public var stem: String
    /// The constant that gives one value for all blocks, or a list with one for each. Where it is not nil, the stem alone
    /// is a setting too: it gives or tunes one value for all. Nil where every block is named.
    public var list: String?

    /// Makes a setting.
    public init(stem: String, list: String? = nil) {
      self.stem = stem
      self.list = list
    }

    /// The setting's name in a block, from 1.
    public func name(ofBlock block: Int) -> String { "\(stem)_\(block)" }

    /// The block, from 1, that has the setting under this name; nil for any other name.
    public func block(of name: String) -> Int? {
      guard name.hasPrefix(stem + "_") else { return nil }
      let digits = name.dropFirst(stem.count + 1)
      guard let block = Int(digits), block > 0, String(block) == digits else { return nil }
      return block
    }
  }

  /// The name of the setting that says how many blocks there are.
  public var count: String
  /// What a block is called in a sentence; an s is added where there are many.
  public var block: String
  /// The settings of a block.
  public var settings: [Setting]

  /// Makes a description.
  public init(count: String, block: String, settings: [Setting]) {
    self.count = count
    self.block = block
    self.settings = settings
  }

  /// The settings that every block is named for.
  public var named: [Setting] { settings.filter { $0.list == nil } }

  /// The settings that may be given once for all blocks.
  public var shared: [Setting] { settings.filter { $0.list != nil } }

  /// The block, from 1, that has a setting under this name; nil for any other name.
  public func block(of name: String) -> Int? { settings.lazy.compactMap { $0.block(of: name) }.first }

  /// Whether the setting of this name belongs to a block, to all of them, or counts them.
  public func owns(_ name: String) -> Bool {
    name == count || shared.contains { $0.stem == name } || block(of: name) != nil
  }

  /// The settings with exactly one value of each kind for each block: one for all becomes one for each, and what belongs
  /// to a block that is not there is left out. As given where they do not count the blocks.
  public func expanded(_ settings: [String: ParameterValue]) -> [String: ParameterValue] {
    guard case .integer(let blocks)? = settings[count] else { return settings }
    var settings = settings.filter { name, _ in block(of: name).map { $0 <= blocks } ?? true }
    for setting in shared {
      guard let value = settings.removeValue(forKey: setting.stem), blocks > 0 else { continue }
      for block in 1...blocks {
        let name = setting.name(ofBlock: block)
        settings[name] = settings[name] ?? value
      }
    }
    return settings
  }
}
