import JSONText
import SearchSpace

/// The settings of a model's blocks, by the naming rules that its description carries.
extension DefinitionResolver {
  /// How many blocks the points have at least and at most: by the setting that counts them, else by the length of a list,
  /// else by the highest block that a setting is named for, and no fewer than by default. Nil where nothing right says so, which is a fault unless it
  /// is one already.
  mutating func blocks(
    of repeated: RepeatedSettings, model: ModelReading, parameters: ParametersReading
  ) -> ClosedRange<Int>? {
    let count = repeated.count
    if parameters.given.contains(count) { return parameters.domains[count]?.integerEnds }
    if model.given.contains(count) {
      guard case .integer(let blocks)? = model.constants[count] else { return nil }
      return blocks...blocks
    }
    let standard = model.settings[count]?.defaultValue.flatMap {
      if case .integer(let value) = $0 { value } else { nil }
    }
    if !repeated.isCountedByNames, let standard { return standard...standard }
    for setting in repeated.shared where !isCountedThrough(setting, of: model) {
      guard let list = setting.list, case .array? = model.members[list] else { continue }
      guard let blocks = model.lists[setting.stem]?.count else { return nil }
      if let kind = model.settings[count]?.kind, kind.value(of: .number(Double(blocks))) == nil {
        faults.add(
          model.members.at(list),
          "\(list) is a list of \(blocks), but the number of \(repeated.block)s must be \(kind.expectation).")
        return nil
      }
      return blocks...blocks
    }
    func isNamed(_ name: String) -> Bool { repeated.named.contains { $0.block(of: name) != nil } }
    let given = (parameters.given + model.given).filter { isNamed($0) && model.settings[$0] != nil }
    // A network that has blocks by default keeps them where only one of them gets another setting.
    guard let highest = (given.compactMap(repeated.block(of:)) + [standard].compactMap { $0 }).max() else {
      let lists = repeated.shared.compactMap(\.list)
      let ways =
        [count] + lists.map { "a list of \($0)" }
        + repeated.named.prefix(1).map { "\($0.name(ofBlock: 1)) and its like" }
      faults.missing(
        [count] + lists + model.names.filter(isNamed), at: model.members.pointer,
        "The number of \(repeated.block)s is missing; give \(Self.alternatives(ways)).")
      return nil
    }
    return highest...highest
  }

  /// Whether the list of a setting has values for blocks of other kinds, too, so that its length counts none.
  private func isCountedThrough(_ setting: RepeatedSettings.Setting, of model: ModelReading) -> Bool {
    (model.facts?.repeated ?? []).kinds(with: setting).count > 1
  }

  /// Sources that disagree on the number of blocks.
  mutating func checkBlocks(
    of repeated: RepeatedSettings, _ blocks: ClosedRange<Int>, model: ModelReading, parameters: ParametersReading
  ) {
    let most = blocks.upperBound
    let counted = most == 1 ? "1 \(repeated.block)" : "\(most) \(repeated.block)s"
    for setting in repeated.shared {
      guard setting.limit == nil else { continue }
      if setting.offset > 0 {
        checkLength(of: setting, setting.offset + most, model: model)
      } else if let list = setting.list, let values = model.lists[setting.stem], values.count != most {
        faults.add(
          model.members.at(list),
          "\(list) is a list of \(values.count), but \(repeated.count) says \(counted); it must have one for each.")
      }
    }
    for (names, pointer) in [(Array(model.given), model.members.pointer), (parameters.given, parameters.pointer)] {
      for name in names where model.settings[name] != nil {
        if let block = repeated.block(of: name), block > most {
          faults.add(
            pointer.appending(name), "\(name) is for \(repeated.block) \(block), but the model has only \(counted).")
        }
      }
    }
  }

  /// A list that is counted through several kinds of blocks, and has more or fewer values than there are.
  private mutating func checkLength(of setting: RepeatedSettings.Setting, _ length: Int, model: ModelReading) {
    guard let list = setting.list, let values = model.lists[setting.stem], values.count != length else { return }
    let kinds = (model.facts?.repeated ?? []).kinds(with: setting)
    faults.add(
      model.members.at(list),
      "\(list) is a list of \(values.count), but \(kinds.map(\.count).joined(separator: " and ")) together say \(length); "
        + "it must have one for each.")
  }

  /// Adds the constants of settings that every block is named for.
  mutating func addNamed(
    _ repeated: RepeatedSettings, _ blocks: ClosedRange<Int>, model: ModelReading, parameters: ParametersReading,
    to constants: inout [String: ParameterValue]
  ) {
    for setting in repeated.named {
      for block in 0..<blocks.upperBound {
        let name = setting.name(ofBlock: block + 1)
        if model.given.contains(name) || parameters.given.contains(name) { continue }
        guard let description = model.settings[name] else { continue }
        if let value = description.defaultValue {
          constants[name] = value
        } else {
          faults.missing(
            [name], at: model.members.pointer,
            "\(name) is missing: \(repeated.block) \(block + 1) needs it, here or in parameters.")
        }
      }
    }
  }

  /// Adds the constants of settings that may be given once for all blocks, one for each block.
  mutating func addShared(
    _ repeated: RepeatedSettings, _ blocks: ClosedRange<Int>, model: ModelReading, parameters: ParametersReading,
    to constants: inout [String: ParameterValue]
  ) {
    for setting in repeated.shared {
      guard let list = setting.list, let description = model.settings[setting.stem] else { continue }
      guard !parameters.given.contains(setting.stem) else {
        let named = model.given.union(parameters.given).filter { setting.block(of: $0) != nil }
        for name in named.sorted() {
          let pointer = (model.given.contains(name) ? model.members.pointer : parameters.pointer).appending(name)
          faults.add(
            pointer,
            "\(name) and the tuned \(setting.stem) for all \(repeated.block)s exclude each other; keep one.")
        }
        continue
      }
      for block in 0..<blocks.upperBound {
        let name = setting.name(ofBlock: block + 1)
        if parameters.given.contains(name) { continue }
        if model.given.contains(name) {
          if model.given.contains(setting.stem) {
            faults.add(model.members.at(name), "\(name) and \(list) exclude each other; keep one of them.")
          }
          continue
        }
        let place = setting.offset + block
        let own = model.lists[setting.stem].flatMap { $0.indices.contains(place) ? $0[place] : nil }
        let shared = own ?? model.shared[setting.stem]
        if let value = shared ?? model.settings[name]?.defaultValue ?? description.defaultValue {
          constants[name] = value
        } else if !model.given.contains(setting.stem) {
          faults.missing(
            [list, setting.stem], at: model.members.pointer,
            "\(list) is missing; give one for all \(repeated.block)s, or a list.")
          break
        }
      }
    }
  }

  /// Ways for a sentence: "a, b, or c".
  private static func alternatives(_ ways: [String]) -> String {
    guard ways.count > 1, let last = ways.last else { return ways.joined() }
    return ways.dropLast().joined(separator: ", ") + (ways.count > 2 ? ", or " : " or ") + last
  }
}

extension Parameter.Domain {
  /// The least and the largest of its integers; nil where it has other values.
  var integerEnds: ClosedRange<Int>? {
    switch self {
    case .levels(let values):
      let integers = values.compactMap { if case .integer(let value) = $0 { value } else { nil } }
      guard let least = integers.first, let most = integers.last else { return nil }
      return least...most
    case .integerRange(let minimum, let maximum, _): return minimum...maximum
    case .categories, .realRange: return nil
    }
  }
}
