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
    /// The setting that counts other blocks, which have this setting too and come first: the names and the list are counted
    /// through, from the most blocks of that kind on. Nil where none come first.
    public var after: String?
    /// How many names belong to blocks that come first, once that is known.
    public var offset = 0
    /// How many names belong to blocks of this kind; nil where no others come after them.
    public var limit: Int?

    /// Makes a setting.
    public init(stem: String, list: String? = nil, after: String? = nil) {
      self.stem = stem
      self.list = list
      self.after = after
    }

    /// The setting's name in a block, from 1.
    public func name(ofBlock block: Int) -> String { "\(stem)_\(offset + block)" }

    /// The block, from 1, that has the setting under this name; nil for any other name.
    public func block(of name: String) -> Int? {
      guard name.hasPrefix(stem + "_") else { return nil }
      let digits = name.dropFirst(stem.count + 1)
      guard let number = Int(digits), number > 0, String(number) == digits else { return nil }
      let block = number - offset
      return block > 0 && limit.map { block <= $0 } ?? true ? block : nil
    }
  }

  /// The name of the setting that says how many blocks there are.
  public var count: String
  /// What a block is called in a sentence; an s is added where there are many.
  public var block: String
  /// The settings of a block.
  public var settings: [Setting]
  /// Whether the blocks that settings are named for say how many there are, where nothing else does; else the default of
  /// `count` does.
  public var isCountedByNames: Bool

  /// Makes a description.
  public init(count: String, block: String, settings: [Setting], isCountedByNames: Bool = true) {
    self.count = count
    self.block = block
    self.settings = settings
    self.isCountedByNames = isCountedByNames
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
  ///
  /// A name that is counted through is counted from the blocks that come first and are there.
  public func expanded(_ settings: [String: ParameterValue]) -> [String: ParameterValue] {
    guard case .integer(let blocks)? = settings[count] else { return settings }
    var settings = settings.filter { name, _ in block(of: name).map { $0 <= blocks } ?? true }
    for setting in shared {
      if let value = settings[setting.stem], blocks > 0 {
        for block in 1...blocks {
          let name = setting.name(ofBlock: block)
          settings[name] = settings[name] ?? value
        }
      }
      // Others that come after need it, too.
      if setting.limit == nil { settings.removeValue(forKey: setting.stem) }
      guard let after = setting.after, case .integer(let before)? = settings[after], before != setting.offset else {
        continue
      }
      var closer = setting
      closer.offset = before
      for block in 1...max(blocks, 1) {
        guard let value = settings.removeValue(forKey: setting.name(ofBlock: block)) else { continue }
        settings[closer.name(ofBlock: block)] = value
      }
    }
    return settings
  }
}

extension [RepeatedSettings] {
  /// Those whose blocks have a shared setting, in the order in which it is counted through them.
  public func kinds(with setting: RepeatedSettings.Setting) -> [RepeatedSettings] {
    filter { $0.shared.contains { $0.stem == setting.stem } }
  }

  /// The descriptions with the names that are counted through placed: `most` is how many blocks there are at most, by the
  /// setting that counts them.
  public func placed(_ most: (_ count: String) -> Int?) -> [RepeatedSettings] {
    guard contains(where: { $0.settings.contains { $0.after != nil } }) else { return self }
    var placed = self
    for (index, repeated) in enumerated() {
      for (place, setting) in repeated.settings.enumerated() {
        guard let after = setting.after, let blocks = most(after) else { continue }
        placed[index].settings[place].offset = blocks
        for other in indices where self[other].count == after {
          for place in self[other].settings.indices where self[other].settings[place].stem == setting.stem {
            placed[other].settings[place].limit = blocks
          }
        }
      }
    }
    return placed
  }
}
