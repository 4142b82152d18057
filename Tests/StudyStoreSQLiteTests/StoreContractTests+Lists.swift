import ExactText
import Foundation
import JSONText
import SearchAlgorithms
import SearchSpace
import StudyDefinitions
import TestSupport
import Testing

@testable import Studies
@testable import StudyStoreSQLite

/// Lists of studies and of trials, by pages.
extension StoreContractTests {
  @Test func studiesComeByPages() async throws {
    try await overEachStore { store in
      for index in 0..<7 {
        var study = Sample.study("s\(index)", at: 1_700_000_000 + Double(index / 2))
        if index == 3 { study.labels = [:] }
        try await store.commit([.insertStudy(study)])
      }
      var names: [String] = []
      var key: StudyKey?
      repeat {
        let page = try await store.studies(StudyFilter(), after: key, limit: 3).value
        names += page.items.map(\.name)
        key = page.next
      } while key != nil
      #expect(Set(names).count == 7 && names[0] == "s6")
      var filter = StudyFilter()
      filter.labels = ["k": "v"]
      #expect(try await store.studies(filter, after: nil, limit: 100).value.items.count == 6)
      filter.states = [.paused]
      #expect(try await store.studies(filter, after: nil, limit: 100).value.items.isEmpty)
      #expect(try await store.unfinishedStudies().count == 7)
    }
  }

  /// Every filter, alone and with others, by pages.
  @Test func studiesAreFiltered() async throws {
    try await overEachStore { store in
      var studies: [Study] = []
      for index in 0..<48 {
        var study = Sample.study("s\(index)", at: 1_700_000_000 + Double(index / 3))
        study.resolved.training?.dataset = index % 2 == 0 ? "toy" : "other"
        study.resolved.algorithm = index % 3 == 0 ? "grid" : "random"
        study.labels = index % 4 == 0 ? [:] : ["k": ExactText("\(index % 4)"), "l": "m"]
        try await store.commit([.insertStudy(study)])
        if index % 5 > 1 {
          study.state = index % 5 == 2 ? .paused : .stopped
          study.finishedAt = index % 5 == 2 ? nil : study.createdAt
          if index % 8 == 2 { study.labels = ["n": ""] }
          study.notes = index % 2 == 0 ? nil : "new"
          try await store.commit([.updateStudy(study)])
        }
        studies.append(study)
      }
      try await store.commit([.deleteStudy(id: studies[47].id, name: "s47")])
      studies.removeLast()
      for choice in 0..<(4 * 2 * 2 * 6) {
        var filter = StudyFilter()
        filter.states = [[], [.paused], [.running, .stopped], [.failed]][choice % 4]
        if choice / 4 % 2 == 1 { filter.dataset = "other" }
        if choice / 8 % 2 == 1 { filter.algorithm = "random" }
        switch choice / 16 {
        case 1: filter.labels = ["k": "2"]
        case 2: filter.labels = ["k": "2", "l": "m"]
        case 3: filter.labelNames = ["k"]
        case 4:
          filter.labelNames = ["l"]
          filter.labels = ["k": "3"]
        case 5: filter.labels = ["n": ""]
        default: break
        }
        let wanted = studies.filter { study in
          (filter.states.isEmpty || filter.states.contains(study.state))
            && (filter.dataset ?? study.resolved.dataset) == study.resolved.dataset
            && (filter.algorithm ?? study.resolved.algorithm) == study.resolved.algorithm
            && filter.labels.allSatisfy { study.labels[$0.key] == $0.value }
            && filter.labelNames.allSatisfy { study.labels[$0] != nil }
        }.sorted { ($0.createdAt, $0.id.uuidString) > ($1.createdAt, $1.id.uuidString) }
        var found: [Study] = []
        var summaries: [StudySummary] = []
        var key: StudyKey?
        repeat {
          let page = try await store.studies(filter, after: key, limit: 4).value
          found += page.items
          key = page.next
        } while key != nil
        repeat {
          let page = try await store.summaries(filter, after: key, limit: 5).value
          summaries += page.items
          key = page.next
        } while key != nil
        #expect(found == wanted, "\(filter)")
        #expect(summaries == wanted.map(\.summary), "\(filter)")
      }
      #expect(try await store.totals().studies[.paused] == studies.count { $0.state == .paused })
    }
  }

  /// A page ends before its texts are too long, and every study is met once.
  @Test func aPageOfStudiesHasABoundInBytes() async throws {
    try await overEachStore { store in
      for index in 0..<9 {
        var study = Sample.study("s\(index)", at: 1_700_000_000 + Double(index))
        study.notes = ExactText(String(repeating: "x", count: 1000))
        try await store.commit([.insertStudy(study)])
      }
      var sizes: [Int] = []
      var names: [String] = []
      var key: StudyKey?
      repeat {
        let page = try await store.summaries(StudyFilter(), after: key, limit: 7, bytes: 4100).value
        sizes.append(page.items.count)
        names += page.items.map(\.name)
        key = page.next
      } while key != nil
      #expect(sizes == [4, 4, 1] && names == (0..<9).reversed().map { "s\($0)" })
      #expect(try await store.summaries(StudyFilter(), after: nil, limit: 7, bytes: 10).value.items.count == 1)
      #expect(try await store.studies(StudyFilter(), after: nil, limit: 7, bytes: 10).value.items.count == 1)
    }
  }

  @Test func trialsComeByNumberAndByValue() async throws {
    try await overEachStore { store in
      let study = Sample.study("s")
      try await store.commit([.insertStudy(study)])
      let values: [Double?] = [0.5, nil, 0.9, 0.5, nil, 0.1, 0.9, 0.5]
      for (index, value) in values.enumerated() {
        let trial = Sample.trial(study, index + 1)
        try await store.commit([.insertTrial(trial, lease: Lease(worker: "w"))])
        if let value {
          let done = Sample.completed(trial, value)
          try await store.commit([.updateTrial(done, lease: nil), .score(done)])
        }
      }
      func all(_ query: TrialFilter, limit: Int) async throws -> [Int] {
        var numbers: [Int] = []
        var key: TrialKey?
        repeat {
          let page = try await store.trials(study: study.id, query, after: key, limit: limit).value
          numbers += page.items.map(\.number)
          key = page.next
        } while key != nil
        return numbers
      }
      var query = TrialFilter()
      for limit in 1...9 {
        query.order = .number
        #expect(try await all(query, limit: limit) == Array(1...8))
        query.order = .value
        query.maximize = true
        #expect(try await all(query, limit: limit) == [3, 7, 1, 4, 8, 6, 2, 5])
        query.maximize = false
        #expect(try await all(query, limit: limit) == [6, 1, 4, 8, 3, 7, 2, 5])
      }
      query = TrialFilter()
      query.states = [.running]
      #expect(try await all(query, limit: 1) == [2, 5])
      let best = try await store.bestPoints(study: study.id, maximize: true, count: 3).value
      #expect(best.map(\.trials) == [[3], [7], [1]])
      #expect(best[0].mean == 0.9 && best[0].runs == 1 && best[0].point == Sample.trial(study, 3).point)
    }
  }

  /// Every page of every list of trials, however they are filtered and ordered, and however many values are equal.
  @Test func everyListOfTrialsComesByPages() async throws {
    try await overEachStore { store in
      let study = Sample.study("s")
      let other = Sample.study("t")
      try await store.commit([.insertStudy(study), .insertStudy(other)])
      var trials: [Trial] = []
      for number in 1...60 {
        let trial = Sample.trial(study, number)
        var done = trial
        switch number % 6 {
        case 0, 3, 4: done = Sample.completed(trial, Double(number % 5) / 4 - 0.25)
        case 1: done.state = .failed
        case 2: done.state = number % 4 == 0 ? .infeasible : .stopped
        default: break
        }
        trials.append(done)
        try await store.commit([
          .insertTrial(trial, lease: Lease(worker: "w")), .updateTrial(done, lease: nil),
          .insertTrial(Sample.trial(other, number), lease: Lease(worker: "w")),
        ])
      }
      let sets: [Set<TrialState>] = [
        [], [.completed], [.failed], [.failed, .stopped], [.completed, .infeasible, .running], [.queued],
        [.queued, .failed],
        Set(TrialState.allCases),
      ]
      for states in sets {
        for order in 0..<4 {
          var query = TrialFilter()
          query.states = states
          query.order = order < 2 ? .number : .value
          query.isDescending = order == 1
          query.maximize = order == 2
          let wanted = trials.filter { states.isEmpty || states.contains($0.state) }.sorted { a, b in
            guard query.order == .value else {
              return query.isDescending ? a.number > b.number : a.number < b.number
            }
            func rank(_ trial: Trial) -> Double {
              trial.value.map { query.maximize ? -$0 : $0 } ?? .infinity
            }
            return (rank(a), a.number) < (rank(b), b.number)
          }.map(\.number)
          for limit in [1, 7, 100] {
            var found: [Int] = []
            var key: TrialKey?
            repeat {
              let page = try await store.trials(study: study.id, query, after: key, limit: limit).value
              found += page.items.map(\.number)
              key = page.next
            } while key != nil
            #expect(found == wanted, "\(states) \(order) \(limit)")
          }
        }
      }
    }
  }

  /// Points with one score are left out, however good they are; replicates and scores of the others are told.
  @Test func repeatedPointsTellTheirScores() async throws {
    try await overEachStore { store in
      for goal in [Goal.maximize, .minimize] {
        let study = Sample.study("s-\(goal)")
        try await store.commit([.insertStudy(study)])
        // Points of trials 1, 2, 3 and 4; 5 runs the second again.
        for (number, scores) in [(1, [0.5, 0.25]), (2, [0.5]), (3, [2]), (4, [0.25, 0.25]), (5, [0.75])] {
          var trial = Sample.trial(study, number)
          if number == 5 { (trial.point, trial.replicate) = (Sample.trial(study, 2).point, 1) }
          var done = Sample.completed(trial, scores.mean)
          done.scores = scores
          try await store.commit([
            .insertTrial(trial, lease: Lease(worker: "w")), .updateTrial(done, lease: nil), .score(done),
          ])
        }
        let maximize = goal == .maximize
        let found = try await store.repeatedPoints(study: study.id, maximize: maximize, count: 10)
        #expect(found.map(\.trial) == (maximize ? [2, 1, 4] : [4, 1, 2]))
        let second = RepeatedPoint(
          trial: 2, mean: 0.625,
          runs: [
            RepeatedPoint.Run(replicate: 0, scores: [0.5]), RepeatedPoint.Run(replicate: 1, scores: [0.75]),
          ])
        #expect(found.first { $0.trial == 2 } == second)
        let first = RepeatedPoint.Run(replicate: 0, scores: [0.5, 0.25])
        #expect(found.first { $0.trial == 1 }?.runs == [first])
        #expect(try await store.repeatedPoints(study: study.id, maximize: maximize, count: 1) == [found[0]])
        #expect(try await store.repeatedPoints(study: UUID(), maximize: maximize, count: 1).isEmpty)
      }
    }
  }

  /// After a round of new runs the points that are left come first, and what their new runs scored is told by itself.
  @Test func whatIsLeftComesFirst() async throws {
    try await overEachStore { store in
      for goal in [Goal.maximize, .minimize] {
        let study = Sample.study("s-\(goal)")
        let maximize = goal == .maximize
        try await store.commit([.insertStudy(study)])
        // Points of trials 1, 2 and 3; the others run the first and the second again.
        let runs = [(1, 1, 0, 0.5), (2, 2, 0, 0.25), (3, 3, 0, 0.75), (4, 1, 1, 0.25), (5, 1, 2, 0.75), (6, 2, 1, 0.5)]
        for (number, first, replicate, value) in runs {
          var trial = Sample.trial(study, number)
          (trial.point, trial.replicate) = (Sample.trial(study, first).point, replicate)
          let done = Sample.completed(trial, value)
          try await store.commit([
            .insertTrial(trial, lease: Lease(worker: "w")), .updateTrial(done, lease: nil), .score(done),
          ])
        }
        func firsts() async throws -> [Int] {
          let best = try await store.bestPoints(study: study.id, maximize: maximize, count: 10).value
          #expect(try await store.bestPoints(study: study.id, maximize: maximize, count: 1).value == [best[0]])
          return best.map { $0.trials[0] }
        }
        let byValue = maximize ? [3, 1, 2] : [2, 1, 3]
        #expect(try await firsts() == byValue)
        let points = [1, 2, 3].map { Sample.trial(study, $0).point }
        for (left, order) in [([0, 1], maximize ? [1, 2, 3] : [2, 1, 3]), ([0], [1] + byValue.filter { $0 != 1 })] {
          try await store.commit([.stillIn(study: study.id, points: left.map { points[$0] })])
          #expect(try await firsts() == order)
          let best = try await store.bestPoints(study: study.id, maximize: maximize, count: 10).value
          let confirmed = BestPoint.Confirmed(mean: 0.5, squaredDeviations: 0.125, runs: 2, left: left.count)
          #expect(best.first { $0.trials[0] == 1 }?.confirmed == confirmed)
          #expect(best.first { $0.trials[0] == 3 }?.confirmed == nil)
          #expect(best.first { $0.trials[0] == 1 }?.runs == 3)
          let repeated = try await store.repeatedPoints(study: study.id, maximize: maximize, count: 10)
          #expect(repeated.map(\.trial) == order.filter { $0 != 3 })
        }
        try await store.commit([.stillIn(study: study.id, points: [])])
        #expect(try await firsts() == byValue)
      }
    }
  }
}
