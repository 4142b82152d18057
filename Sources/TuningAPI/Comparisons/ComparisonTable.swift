import Foundation
import HTTPMessages
import JSONText
import Studies

/// A comparison as CSV, one row for each trial.
extension TuningAPI {
  /// Study after study, in the order of the comparison; each trial as it is when it is read.
  @Sendable func comparisonAsCSV(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    try accept(request, "text/csv")
    let found = try await reader.comparison(request["name"])
    let headers = HTTPHeaders([
      ("Content-Type", "text/csv; charset=utf-8; header=present"), ("Cache-Control", "no-cache"),
      ("Content-Disposition", "attachment; filename=\"\(found.value.comparison.name).csv\""),
      ("Cairn-Event-Id", "\(found.position)"), ("ETag", EntityTag.of(found.value)),
    ])
    let head = HTTPResponse(status: 200, headers: headers)
    if Conditions.isNotModified(request.http, head) { return head }
    guard let place = streams.take() else { throw ExpensiveAnswers.busy }
    let studies = ComparedStudies(found.value)
    return HTTPResponse(
      status: 200, headers: headers,
      stream: HTTPBodyStream { writer in
        try await place.hold { try await send(studies, through: writer, place) }
      })
  }

  private func send(_ studies: ComparedStudies, through writer: HTTPBodyWriter, _ place: StreamPlaces.Place)
    async throws
  {
    guard await writer.write(ComparisonTable.header) else { throw CancellationError() }
    for group in studies.groups {
      for study in group.studies where study.summary.counts.numbered > 0 {
        var table = ComparisonTable(study, algorithm: group.name, setting: progressSetting(of: study.definition))
        var last = 0
        while true {
          let page = try await expensive.makePiece { try await briefs(study, beyond: last) }
          if !page.isEmpty {
            guard await writer.write(table.rows(page)) else { throw CancellationError() }
            place.moves()
          }
          guard page.count == Self.briefsPerPage, let number = page.last?.number else { break }
          last = number
        }
      }
    }
  }
}

/// Writes the trials of a study as rows.
struct ComparisonTable {
  static let header = Array(
    "algorithm,study,seed,training_seed,number,state,value,best,iterations,seconds\r\n".utf8)

  private let study: ComparedStudy
  private let algorithm: String
  private let constant: Double?
  private var best: Double?

  /// `setting`: the one that counts the study's iterations.
  init(_ study: ComparedStudy, algorithm: String, setting: String?) {
    self.study = study
    self.algorithm = algorithm
    constant = setting.flatMap { study.definition.constants[$0]?.number }
  }

  /// The rows of the next trials, in order of number.
  mutating func rows(_ briefs: [TrialBrief]) -> [UInt8] {
    var text = CSVText(reserving: briefs.count * 80)
    let maximize = study.definition.goal == .maximize
    for brief in briefs {
      if let value = brief.value {
        best = best.map { maximize ? max($0, value) : min($0, value) } ?? value
      }
      for cell in [algorithm, study.summary.name] {
        text.cell(cell.utf8)
        text.comma()
      }
      for number in [study.seed, study.definition.trainingSeed, brief.number] {
        text.plain { JSONNumber.append(number, to: &$0) }
        text.comma()
      }
      text.cell(brief.state.rawValue.utf8)
      let seconds = study.definition.isExternal ? nil : brief.seconds
      for number in [brief.value, best, constant ?? brief.setting, seconds] {
        text.comma()
        if let number, number.isFinite { text.plain { JSONNumber.append(number, to: &$0) } }
      }
      text.endRow()
    }
    return text.bytes
  }
}
