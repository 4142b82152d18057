import Foundation
import HTTPMessages
import JSONText
import Promises
import StudyDefinitions

/// Takes a body of `multipart/form-data` apart: fields into memory, files onto the disk, a piece at a time.
///
/// `@unchecked Sendable`: every variable is read and written on the queue alone.
final class DatasetReceiver: @unchecked Sendable {
  /// The most files of one data set: two parts of images and labels.
  private static let mostFiles = 4
  /// The most bytes of a field that is no file.
  private static let fieldLimit = 4096

  private let folder: String
  private var reader: MultipartReader
  private var fields: [String: String] = [:]
  private var files: [DatasetUpload.File] = []
  private var field: (name: String, bytes: [UInt8])?
  private var file: FileHandle?
  /// Writing waits for the disk, which a cooperative thread must not.
  private let queue = DispatchQueue(label: "cairn.upload")

  init(boundary: String, folder: String) {
    self.folder = folder
    reader = MultipartReader(boundary: boundary)
  }

  /// What came in; to be asked once the body has ended.
  var content: (fields: [String: String], files: [DatasetUpload.File]) {
    get async {
      await queue.value { (self.fields, self.files) }
    }
  }

  /// Takes the next bytes of the body; nil is its end.
  func take(_ bytes: [UInt8]?) async throws(APIProblem) {
    let result: Result<Void, APIProblem> = await queue.value {
      do throws(APIProblem) { return .success(try self.write(bytes)) } catch { return .failure(error) }
    }
    try result.get()
  }

  private func write(_ bytes: [UInt8]?) throws(APIProblem) {
    var events: [MultipartEvent] = []
    do throws(MessageFault) { try reader.take(bytes, into: &events) } catch { throw .malformedBody(error.detail) }
    for event in events { try take(event) }
  }

  private func take(_ event: MultipartEvent) throws(APIProblem) {
    switch event {
    case .part(let name, nil):
      let known = ["name", "format", "scaling"]
      guard known.contains(name) else {
        let nearest = NearestName.of(name, among: known + ["files"]).map { "; did you mean \"\($0)\"?" } ?? "."
        let detail = "There is no field \"\(name)\" without a file name\(nearest)"
        throw APIProblem(.invalid([DefinitionFault(pointer: JSONPointer.root.appending(name).text, detail: detail)]))
      }
      guard fields[name] == nil else { throw .malformedBody("The field \"\(name)\" appears twice; give it once.") }
      field = (name, [])
    case .part(_, let fileName?):
      guard files.count < Self.mostFiles else { throw .malformedBody("There are more than \(Self.mostFiles) files.") }
      let path = folder + "/upload-\(files.count)"
      guard FileManager.default.createFile(atPath: path, contents: nil),
        let opened = FileHandle(forWritingAtPath: path)
      else { throw APIProblem(.diskFull) }
      file = opened
      // A name is for messages only: what it says of folders means nothing here.
      let shown = fileName.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? "file"
      files.append(DatasetUpload.File(path: path, name: String(shown.prefix(200))))
    case .content(let bytes):
      if let file {
        do { try file.write(contentsOf: bytes) } catch { throw APIProblem(.diskFull) }
      } else if field != nil {
        field?.bytes += bytes
        guard field?.bytes.count ?? 0 <= Self.fieldLimit else {
          throw .malformedBody("A field is longer than \(Self.fieldLimit) bytes; files need a file name.")
        }
      }
    case .partEnd:
      if let field { fields[field.name] = String(decoding: field.bytes, as: UTF8.self) }
      try? file?.close()
      (field, file) = (nil, nil)
    case .end: break
    }
  }
}
