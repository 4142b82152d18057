import Datasets
import Foundation
import Studies
import Testing

@testable import ModelTraining
@testable import TrainedModels

/// Networks as files.
@Suite struct ModelFileTests {
  static func model(_ scaling: InputScaling = .none, isDouble: Bool = false, outputs: Int = 1) -> ModelFile {
    let layers = [(3, 2), (2, outputs)].enumerated().map { index, sizes in
      let weights: [Double] = (0..<sizes.0 * sizes.1).map { Double($0 + index) * 0.25 - 0.5 }
      let biases: [Double] = (0..<sizes.1).map { Double($0) * 0.125 }
      return DenseLayer(inputs: sizes.0, outputs: sizes.1, weights: weights, biases: biases)
    }
    return ModelFile(
      network: PerceptronNetwork(layers: layers, activations: [.tanh], precision: isDouble ? .double : .single),
      scaling: scaling,
      classes: outputs == 1 ? ["no", "yes \"é\""] : ["a", "b", "c"], facts: ["trial": "7", "dataset": "d"])
  }

  static let standard = InputScaling.standard(means: [1, 2, 3.1], deviations: [0.1, 2, 1])

  @Test(arguments: [InputScaling.none, .pixels, standard], [false, true])
  func aFileGivesBackTheModel(_ scaling: InputScaling, _ isDouble: Bool) throws {
    for outputs in [1, 3] {
      let model = Self.model(scaling, isDouble: isDouble, outputs: outputs)
      let read = try #require(ModelFile(model.bytes))
      #expect(read.network as? PerceptronNetwork == model.network as? PerceptronNetwork)
      #expect(read.scaling == scaling && read.classes == model.classes && read.facts == model.facts)
    }
  }

  /// Files that were written before networks stored themselves are read, and would be written the same today.
  @Test(arguments: [
    (model(standard, isDouble: true), earlierDouble), (model(.pixels, outputs: 3), earlierSingle),
  ])
  func earlierFilesAreReadAndWrittenTheSame(_ model: ModelFile, _ earlier: String) throws {
    let bytes = try Array(#require(Data(base64Encoded: earlier)))
    #expect(model.bytes == bytes)
    let read = try #require(ModelFile(bytes))
    #expect(read.network as? PerceptronNetwork == model.network as? PerceptronNetwork)
    #expect(read.scaling == model.scaling && read.classes == model.classes && read.facts == model.facts)
  }

  private static let earlierDouble = """
    YAIAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJhY3RpdmF0aW9ucyI6IltcInRhbmhcIl0iLCJjbGFzc2VzIjoiW1wibm9cIixcInll\
    cyBcXFwiw6lcXFwiXCJdIiwiZGF0YXNldCI6ImQiLCJmZWF0dXJlX3NjYWxpbmciOiJzdGFuZGFyZGl6ZSIsImZvcm1hdCI6ImNh\
    aXJuLW1scC0xIiwib3V0cHV0Ijoic2lnbW9pZCIsInRyaWFsIjoiNyJ9LCJmZWF0dXJlcy5kZXZpYXRpb24iOnsiZHR5cGUiOiJG\
    NjQiLCJzaGFwZSI6WzNdLCJkYXRhX29mZnNldHMiOlswLDI0XX0sImZlYXR1cmVzLm1lYW4iOnsiZHR5cGUiOiJGNjQiLCJzaGFw\
    ZSI6WzNdLCJkYXRhX29mZnNldHMiOlsyNCw0OF19LCJsYXllcnMuMC5iaWFzIjp7ImR0eXBlIjoiRjY0Iiwic2hhcGUiOlsyXSwi\
    ZGF0YV9vZmZzZXRzIjpbNDgsNjRdfSwibGF5ZXJzLjAud2VpZ2h0Ijp7ImR0eXBlIjoiRjY0Iiwic2hhcGUiOlsyLDNdLCJkYXRh\
    X29mZnNldHMiOls2NCwxMTJdfSwibGF5ZXJzLjEuYmlhcyI6eyJkdHlwZSI6IkY2NCIsInNoYXBlIjpbMV0sImRhdGFfb2Zmc2V0\
    cyI6WzExMiwxMjBdfSwibGF5ZXJzLjEud2VpZ2h0Ijp7ImR0eXBlIjoiRjY0Iiwic2hhcGUiOlsxLDJdLCJkYXRhX29mZnNldHMi\
    OlsxMjAsMTM2XX19ICAgIJqZmZmZmbk/AAAAAAAAAEAAAAAAAADwPwAAAAAAAPA/AAAAAAAAAEDNzMzMzMwIQAAAAAAAAAAAAAAA\
    AAAAwD8AAAAAAADgvwAAAAAAANC/AAAAAAAAAAAAAAAAAADQPwAAAAAAAOA/AAAAAAAA6D8AAAAAAAAAAAAAAAAAANC/AAAAAAAA\
    AAA=
    """

  private static let earlierSingle = """
    yAEAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJhY3RpdmF0aW9ucyI6IltcInRhbmhcIl0iLCJjbGFzc2VzIjoiW1wiYVwiLFwiYlwi\
    LFwiY1wiXSIsImRhdGFzZXQiOiJkIiwiZmVhdHVyZV9zY2FsaW5nIjoiZGl2aWRlX2J5XzI1NSIsImZvcm1hdCI6ImNhaXJuLW1s\
    cC0xIiwib3V0cHV0Ijoic29mdG1heCIsInRyaWFsIjoiNyJ9LCJsYXllcnMuMC5iaWFzIjp7ImR0eXBlIjoiRjMyIiwic2hhcGUi\
    OlsyXSwiZGF0YV9vZmZzZXRzIjpbMCw4XX0sImxheWVycy4wLndlaWdodCI6eyJkdHlwZSI6IkYzMiIsInNoYXBlIjpbMiwzXSwi\
    ZGF0YV9vZmZzZXRzIjpbOCwzMl19LCJsYXllcnMuMS5iaWFzIjp7ImR0eXBlIjoiRjMyIiwic2hhcGUiOlszXSwiZGF0YV9vZmZz\
    ZXRzIjpbMzIsNDRdfSwibGF5ZXJzLjEud2VpZ2h0Ijp7ImR0eXBlIjoiRjMyIiwic2hhcGUiOlszLDJdLCJkYXRhX29mZnNldHMi\
    Ols0NCw2OF19fSAgICAAAAAAAAAAPgAAAL8AAIC+AAAAAAAAgD4AAAA/AABAPwAAAAAAAAA+AACAPgAAgL4AAAAAAACAPgAAAD8A\
    AEA/AACAPw==
    """

  /// The layout, byte by byte, as https://github.com/huggingface/safetensors describes it.
  @Test func theLayoutIsSafetensors() throws {
    let bytes = Self.model(Self.standard).bytes
    let length = Self.littleEndian(bytes[..<8])
    #expect(length % 8 == 0 && bytes[8] == UInt8(ascii: "{"))
    let header = try #require(
      JSONSerialization.jsonObject(with: Data(bytes[8..<8 + length])) as? [String: [String: Any]])
    #expect(header["__metadata__"]?["classes"] as? String == #"["no","yes \"é\""]"#)
    #expect(header["__metadata__"]?["feature_scaling"] as? String == "standardize")
    let weight = try #require(header["layers.0.weight"])
    #expect(weight["dtype"] as? String == "F32" && weight["shape"] as? [Int] == [2, 3])
    let offsets = try #require(weight["data_offsets"] as? [Int])
    #expect(offsets[1] - offsets[0] == 24)
    let third = 8 + length + offsets[0] + 2 * 4
    #expect(Float(bitPattern: UInt32(Self.littleEndian(bytes[third..<third + 4]))) == 0)
    // Every tensor begins where another ends, and at a multiple of its numbers' size.
    let tensors = header.filter { $0.key != "__metadata__" }.compactMap { $0.value["data_offsets"] as? [Int] }
    let sorted = tensors.sorted { $0[0] < $1[0] }
    #expect(sorted.first?[0] == 0 && sorted.last?[1] == bytes.count - 8 - length)
    #expect(zip(sorted, sorted.dropFirst()).allSatisfy { $0[1] == $1[0] })
    let mean = try #require(header["features.mean"])
    let place = try #require(mean["data_offsets"] as? [Int])[0]
    #expect(mean["dtype"] as? String == "F64" && place % 8 == 0)
  }

  /// The number in some bytes, the lowest first.
  private static func littleEndian(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.reversed().reduce(0) { number, byte in number << 8 | Int(byte) }
  }

  @Test func whatIsBrokenIsNoModel() {
    let bytes = Self.model(.pixels).bytes
    #expect(ModelFile([]) == nil && ModelFile(Array(bytes.dropLast())) == nil && ModelFile(bytes + [0]) == nil)
    for place in stride(from: 0, to: 200, by: 3) {
      var broken = bytes
      broken[place] = 0xFF
      // It must not trap; most places make it unreadable.
      _ = ModelFile(broken)
    }
    var huge = bytes
    huge[7] = 0x7F
    #expect(ModelFile(huge) == nil)
    var other = Self.model().bytes
    other.replaceSubrange(8..<9, with: [UInt8(ascii: "[")])
    #expect(ModelFile(other) == nil)
  }

  @Test func examplesAreScaledAsTheDataSetWas() {
    // (x − mean) / deviation, then tanh of two units and a logit.
    let numbers = [1.1, 0, 4.1]
    let features = [Double(Float((1.1 - 1) / 0.1)), -1, Double(Float(4.1 - 3.1))]
    let scaled = Self.model(Self.standard).prediction(for: numbers)
    let plain = Self.model(.none).network.prediction(for: features)
    #expect(scaled.label == plain.label && scaled.probabilities == plain.probabilities)
    let pixels = Self.model(.pixels).prediction(for: [0, 255, 51])
    #expect(pixels.probabilities == Self.model().network.prediction(for: [0, 1, 0.2]).probabilities)
  }
}

/// Files in a folder.
@Suite struct ModelFolderTests {
  private let path = FileManager.default.temporaryDirectory.appendingPathComponent("models-\(UUID().uuidString)").path

  @Test func whatIsKeptIsFoundUntilItIsLetGo() async throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let shelf = ModelFolder(folder: path)
    let key = ModelKey(study: UUID(), number: 3, repetition: 1, fold: 2)
    #expect(await shelf.file(key) == nil)
    #expect(await shelf.studies() == [])
    try shelf.keep(ModelFileTests.model(), as: key)
    try shelf.keep(ModelFileTests.model(.pixels), as: key)
    #expect(await shelf.file(key) == ModelFileTests.model(.pixels).bytes)
    #expect(await shelf.model(key)?.classes == ["no", "yes \"é\""])
    #expect(await shelf.file(ModelKey(study: key.study, number: 3)) == nil)
    #expect(await shelf.studies() == [key.study])
    await shelf.remove(study: key.study)
    #expect(await shelf.file(key) == nil)
  }

  @Test func aBrokenFileIsNotThere() async throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let shelf = ModelFolder(folder: path)
    let key = ModelKey(study: UUID(), number: 1)
    try shelf.keep(ModelFileTests.model(), as: key)
    let file = "\(path)/\(key.study.uuidString)/1-0-0.safetensors"
    #expect(truncate(file, 20) == 0)
    #expect(await shelf.file(key) == nil)
    #expect(!FileManager.default.fileExists(atPath: file))
  }

  @Test func trimmingKeepsTheNamedAndTheLastUsed() async throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let shelf = ModelFolder(folder: path)
    let study = UUID()
    for number in 1...6 {
      let key = ModelKey(study: study, number: number)
      try shelf.keep(ModelFileTests.model(), as: key)
      let file = "\(path)/\(study.uuidString)/\(number)-0-0.safetensors"
      // 1 is the oldest.
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSince1970: Double(number))], ofItemAtPath: file)
    }
    _ = await shelf.file(ModelKey(study: study, number: 2))
    await shelf.trim(study: study, keeping: [1, 4], others: 2)
    var left: [Int] = []
    for number in 1...6 where await shelf.file(ModelKey(study: study, number: number)) != nil { left.append(number) }
    #expect(left == [1, 2, 4, 6])
  }
}
