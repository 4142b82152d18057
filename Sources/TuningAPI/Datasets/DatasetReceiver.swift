import Dispatch
import HTTPMessages
import JSONText
import Promises
import Studies
import StudyDefinitions

/// Takes a body of `multipart/form-data` apart: fields into memory, files onto the disk, a piece at a time.
///
/// `@unchecked Sendable`: every variable is read and written on the queue alone.
final class DatasetReceiver: @unchecked Sendable {
  /// The most files of one data set: two parts of images and labels.
  private static let mostFiles = 4
  /// The most bytes of a field that is no file.
  private static let fieldLimit = 4096

  private let library: any DatasetLibrary
  /// Made with the first file.
  private var place: (any UploadPlace)?
  private var isInFile = false
  private var reader: MultipartReader
  private var fields: [String: String] = [:]
  private var files: [DatasetUpload.File] = []
  private var field: (name: String, bytes: [UInt8])?
  /// Writing waits for the disk, which a cooperative thread must not.
  private let queue = DispatchQueue(label: "cairn.upload")

  init(boundary: String, library: any DatasetLibrary) {
    self.library = library
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

  /// Takes away what is still there of the files.
  func discard() async { await queue.value { self.place?.discard() } }

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
        let detail =
          name == "files"
          ? "The field \"files\" has no file name; send the file as a file, as `curl -F files=@table.csv` does."
          : "There is no field \"\(name)\" here; a data set has name, format, scaling and files"
            + NearestName.clause(for: name, among: known + ["files"]) + "."
        throw APIProblem(.invalid([Fault(at: .root.appending(name), detail)]))
      }
      guard fields[name] == nil else { throw .malformedBody("The field \"\(name)\" appears twice; give it once.") }
      field = (name, [])
    case .part(_, let fileName?):
      guard files.count < Self.mostFiles else { throw .malformedBody("There are more than \(Self.mostFiles) files.") }
      let path = try onDisk { () throws(DatasetRefusal) in
        if let place { return try place.begin() }
        let made = try library.place()
        place = made
        return try made.begin()
      }
      isInFile = true
      // A name is for messages only: what it says of folders means nothing here.
      let shown = fileName.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? "file"
      files.append(DatasetUpload.File(path: path, name: String(shown.prefix(200))))
    case .content(let bytes):
      if isInFile {
        try onDisk { () throws(DatasetRefusal) in try place?.write(bytes) }
      } else if field != nil {
        field?.bytes += bytes
        guard field?.bytes.count ?? 0 <= Self.fieldLimit else {
          throw .malformedBody("A field is longer than \(Self.fieldLimit) bytes; files need a file name.")
        }
      }
    case .partEnd:
      if let field { fields[field.name] = String(decoding: field.bytes, as: UTF8.self) }
      if isInFile { try onDisk { () throws(DatasetRefusal) in try place?.end() } }
      (field, isInFile) = (nil, false)
    case .end: break
    }
  }

  private func onDisk<Value>(_ body: () throws(DatasetRefusal) -> Value) throws(APIProblem) -> Value {
    do throws(DatasetRefusal) { return try body() } catch { throw APIProblem(error) }
  }
}
