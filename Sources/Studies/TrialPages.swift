import Foundation

/// Reads a study's trials page by page, so that each turn is short.
struct TrialPages: Sendable {
  private let study: UUID
  private let store: any StudyStore
  private var query = TrialFilter()
  private var key: TrialKey?
  private var isAtEnd = false

  /// Begins beyond a number; `states`: empty means all.
  init(of study: UUID, in states: Set<TrialState> = [], beyond number: Int = 0, from store: any StudyStore) {
    self.study = study
    self.store = store
    query.states = states
    if number > 0 { key = TrialKey(number: number, value: nil) }
  }

  /// The next page, in order of number; nil after the last.
  mutating func next() async throws(StoreError) -> [Trial]? {
    if isAtEnd { return nil }
    let page = try await store.trials(study: study, query, after: key, limit: 1000).value
    key = page.next
    isAtEnd = page.next == nil
    return page.items
  }

  /// All that is left.
  mutating func rest() async throws(StoreError) -> [Trial] {
    var trials: [Trial] = []
    while let page = try await next() { trials += page }
    return trials
  }
}
