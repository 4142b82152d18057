extension Training {
  /// Makes updates until `target` of them are made in all; gives how the last ended (`updated` where there was none to
  /// make).
  func advance(to target: Int, isCancelled: () -> Bool) -> Step {
    while iteration < target {
      let step = update(isCancelled: isCancelled)
      if step != .updated { return step }
    }
    return .updated
  }
}
