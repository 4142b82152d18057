import Foundation

/// The time of an event, by both clocks.
struct Moment: Sendable, Hashable {
  /// Wall-clock time, for what is stored and shown.
  var date: Date
  /// Seconds on the clock that nobody sets, for how long something took.
  var seconds: Double
}

extension StudyClock {
  /// Both clocks, read now.
  var moment: Moment { Moment(date: now(), seconds: seconds()) }
}
