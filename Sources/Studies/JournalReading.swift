import Foundation

/// Reading the journal of changes.
public protocol JournalReading: Sendable {
  /// The highest journal position. Cost: one row.
  func position() async throws(StoreError) -> Int
  /// The next `limit` entries beyond a position, of one study or of all. Cost: the entries.
  func journal(study: UUID?, beyond position: Int, limit: Int) async throws(StoreError) -> JournalPage
  /// Rings after each commit that wrote to the journal.
  var bell: JournalBell { get }
}
