import Foundation
import SearchSpace
import Studies
import StudyDefinitions
import Testing

@testable import TuningAPI

/// Rows of CSV from what is stored.
@Suite struct TrialTableTests {
  private static let definition = ResolvedDefinition(
    name: "s",
    training: TrainingDefinition(dataset: "toy", datasetSHA256: String(repeating: "a", count: 64), split: .test),
    modelKind: "mlp",
    space: ParameterSpace([
      Parameter(name: "c", domain: .categories([.string("u"), .boolean(true)])),
      Parameter(name: "units_1", domain: .levels([.integer(1), .integer(2)])),
      Parameter(name: "x", domain: .realRange(minimum: 0, maximum: 10, scale: .linear)),
    ]), algorithm: "grid", algorithmVersion: 1, algorithmOptions: [:], metric: "validation_accuracy", goal: .maximize,
    budget: Budget(trials: 10), parallelism: 4, maxRunning: nil, seed: 0, trainingSeed: 0,
    labels: [:], notes: nil, numerics: 1)

  private let table = TrialTable(definition)

  /// The lines of one row as it is stored.
  private func line(
    state: String = "completed", parameters: String = #"{"c":"u","units_1":2,"x":0.25}"#, value: Double? = 0.5,
    scores: String = "[0.5]", metrics: String = "{}", origin: String = #"{"kind":"grid"}"#, error: String? = nil
  ) -> String {
    var page = TrialRows()
    page.rows.append(
      TrialRows.Row(
        number: 7, state: page.add(state.utf8), parameters: page.add(parameters.utf8), value: value,
        scores: page.add(scores.utf8), metrics: page.add(metrics.utf8), origin: page.add(origin.utf8),
        error: error.map { page.add($0.utf8) }, computeSeconds: 0.125, createdAt: 1_700_000_001_500,
        startedAt: 1_700_000_001_501, finishedAt: nil))
    return String(decoding: table.rows(page), as: UTF8.self)
  }

  @Test func columns() {
    #expect(
      String(decoding: table.header, as: UTF8.self)
        == "number,state,value,parameter.c,parameter.units_1,parameter.x,metric.train_accuracy,metric.train_loss,"
        + "metric.validation_accuracy,metric.validation_loss,scores,standard_deviation,origin,compute_seconds,"
        + "created_at,started_at,finished_at,error\r\n")
    #expect(
      line(metrics: #"{"validation_accuracy":0.5,"validation_loss":1e-7}"#)
        == "7,completed,0.5,u,2,0.25,,,0.5,1e-7,0.5,,grid,0.125,2023-11-14T22:13:21.500Z,2023-11-14T22:13:21.501Z,,\r\n"
    )
    #expect(
      line(state: "queued", value: nil, scores: "[]").hasPrefix("7,queued,,u,2,0.25,,,,,,,grid,"))
  }

  @Test(arguments: [
    (#"{"c":true,"units_1":1,"x":-0.5}"#, "true,1,-0.5"),
    // What a point has not is empty, and what is no column is left out.
    (#"{"x":3}"#, ",,3"), ("{}", ",,"), (#"{"a":9,"c":"u","k":[1,{"x":2}],"x":3}"#, "u,,3"),
    // In any order.
    (#"{"x":3,"units_1":2,"c":"u"}"#, "u,2,3"),
    (#"{"c":"a,b"}"#, #""a,b",,"#), (#"{"c":"say \"x\""}"#, #""say ""x""",,"#), (#"{"c":"a\nb"}"#, "\"a\nb\",,"),
    (#"{"c":"\\"}"#, #"\,,"#), (#"{"c":"é {]"}"#, "é {],,"), (#"{"c":""}"#, ",,"),
    // No spreadsheet may take a text for a formula; a number is none.
    (#"{"c":"=1+1"}"#, "'=1+1,,"), (#"{"c":"-1,5"}"#, #""'-1,5",,"#), (#"{"c":"\t1"}"#, "'\t1,,"),
    (#"{"c":"＝1"}"#, "'＝1,,"), (#"{"c":"@x"}"#, "'@x,,"), (#"{"c":-1}"#, "-1,,"),
  ])
  func parameters(_ stored: String, _ cells: String) {
    #expect(
      line(parameters: stored).hasPrefix("7,completed,0.5,\(cells),,,,,0.5,,grid,"), "\(line(parameters: stored))")
  }

  @Test(arguments: [
    ("[]", ","), ("[0.25]", "0.25,"), ("[1,3]", "1 3,1.4142135623730951"), ("[2,2,2]", "2 2 2,0"),
    ("[1e-7,null]", "1e-7 null,"),
  ])
  func scores(_ stored: String, _ cells: String) {
    #expect(line(scores: stored).contains(",,,,,\(cells),grid,"), "\(line(scores: stored))")
  }

  @Test(arguments: [
    (
      #"{"kind":"poll","restart":2,"centre":14,"axis":"units_1","direction":"down"}"#,
      "poll restart=2 centre=14 axis=units_1 direction=down"
    ),
    (#"{"place":3,"kind":"grid"}"#, "grid place=3"), (#"{"kind":"random"}"#, "random"),
    // A text that could be taken for something else keeps its quotation marks.
    (#"{"kind":"x","a":"b c","n":"1","t":"true"}"#, #""x a=""b c"" n=""1"" t=""true""""#),
    (#"{"kind":"x","l":[1,2],"o":{"p":null}}"#, #""x l=[1,2] o={""p"":null}""#),
  ])
  func origin(_ stored: String, _ cell: String) {
    #expect(line(origin: stored).contains(",0.5,,\(cell),0.125,"), "\(line(origin: stored))")
  }

  @Test func errors() {
    #expect(line(error: "=cmd()").hasSuffix(",'=cmd()\r\n"))
    #expect(line(error: "first\r\nsecond").hasSuffix(",\"first\r\nsecond\"\r\n"))
    #expect(line(error: "").hasSuffix(",,\r\n"))
  }

  @Test(arguments: [
    (0.0, "1970-01-01T00:00:00.000Z"), (-0.001, "1969-12-31T23:59:59.999Z"), (951_782_400, "2000-02-29T00:00:00.000Z"),
    (1_700_000_001.5, "2023-11-14T22:13:21.500Z"), (253_402_300_799.999, "9999-12-31T23:59:59.999Z"),
    (-62_135_596_800, "0001-01-01T00:00:00.000Z"),
  ])
  func times(_ seconds: Double, _ text: String) {
    #expect(Timestamp.text(Date(timeIntervalSince1970: seconds)) == text)
  }

  @Test func textIsQuotedAndGuarded() {
    for formula in ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "\nx", "＋1", "－1", "＠x"] {
      #expect(CSVText.guarded(formula) == "'" + formula)
    }
    for plain in ["plain", "", "１", "a=1"] { #expect(CSVText.guarded(plain) == plain) }
    var text = CSVText()
    text.row(["a,b", "c\"d", "e\nf", "g"])
    #expect(String(decoding: text.bytes, as: UTF8.self) == "\"a,b\",\"c\"\"d\",\"e\nf\",g\r\n")
  }
}
