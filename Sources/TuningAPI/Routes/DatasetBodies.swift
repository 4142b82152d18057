import Foundation
import JSONText
import Studies
import StudyDefinitions

/// What the bodies of data sets say, and every fault of theirs at once.
extension TuningAPI {
  /// A body that names files: in the data folder, or by URL.
  func definition(_ body: JSONValue, _ library: any DatasetLibrary) throws(APIProblem) -> DatasetFetch {
    guard let object = body.objectValue else {
      throw APIProblem(.invalid([DefinitionFault(pointer: "", detail: "The body should be a JSON object.")]))
    }
    var faults: [DefinitionFault] = []
    Self.checkKeys(object, ["name", "format", "files", "scaling"], at: "", &faults)
    if object["name"] == nil { faults.append(DefinitionFault(pointer: "", detail: "The key name is missing.")) }
    let name = object["name"].map { check(name: $0.stringValue ?? "", &faults) } ?? ""
    let format = check(object["format"]?.stringValue, library, &faults)
    let scaling = check(scaling: object["scaling"].map { $0.stringValue ?? "" }, &faults)
    var sources: [DatasetFetch.Source] = []
    let listed = object["files"]?.arrayValue ?? []
    if listed.isEmpty {
      let detail = object["files"] == nil ? "The key files is missing." : "files should be a list of one or more files."
      faults.append(DefinitionFault(pointer: object["files"] == nil ? "" : "/files", detail: detail))
    }
    for (index, entry) in listed.enumerated() {
      if let source = source(entry, at: "/files/\(index)", library, &faults) { sources.append(source) }
    }
    if !faults.isEmpty { throw APIProblem(.invalid(faults)) }
    return DatasetFetch(name: name, format: format, scaling: scaling, sources: sources)
  }

  private func source(
    _ entry: JSONValue, at pointer: String, _ library: any DatasetLibrary, _ faults: inout [DefinitionFault]
  ) -> DatasetFetch.Source? {
    func fail(_ place: String, _ detail: String) -> DatasetFetch.Source? {
      faults.append(DefinitionFault(pointer: pointer + place, detail: detail))
      return nil
    }
    guard let object = entry.objectValue else {
      return fail("", "A file is an object with a path, or a url and its sha256.")
    }
    Self.checkKeys(object, ["path", "url", "sha256"], at: pointer, &faults)
    if object["path"] != nil {
      if object["url"] != nil { return fail("/url", "A file has a path or a url, not both.") }
      if object["sha256"] != nil {
        return fail("/sha256", "sha256 goes with a url; a file of the data folder has none.")
      }
      guard let path = object["path"]?.stringValue else { return fail("/path", "path should be a string.") }
      switch file(path, library) {
      case .success(let file): return .file(file)
      case .failure(let problem): return fail("/path", problem.sentence)
      }
    }
    guard let url = object["url"] else { return fail("", "A file has a path, or a url and its sha256.") }
    let before = faults.count
    let address = url.stringValue ?? ""
    if url.stringValue == nil {
      _ = fail("/url", "url should be a string.")
    } else if let fault = library.fault(inURL: address) {
      _ = fail("/url", "The url \(fault).")
    }
    guard let sha256 = object["sha256"] else { return fail("", "A file by url needs its sha256.") }
    guard let sha256 = sha256.stringValue?.lowercased(), sha256.utf8.count == 64,
      sha256.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
    else { return fail("/sha256", "A sha256 is 64 hexadecimal digits.") }
    return faults.count == before ? .url(address, sha256: sha256) : nil
  }

  private static func checkKeys(
    _ object: JSONObject, _ known: [String], at pointer: String, _ faults: inout [DefinitionFault]
  ) {
    for member in object.members where !known.contains(member.name) {
      let nearest = NearestName.of(member.name, among: known).map { "; did you mean \"\($0)\"?" } ?? "."
      faults.append(
        DefinitionFault(
          pointer: pointer + "/\(member.name)", detail: "There is no key \"\(member.name)\" here\(nearest)"))
    }
  }

  /// A file inside the data folder; what a link leads to outside it is not given.
  private func file(
    _ path: String, _ library: any DatasetLibrary
  ) -> Result<DatasetUpload.File, PathProblem> {
    guard let folder = library.folder else {
      return .failure(PathProblem(sentence: "There is no data folder; start with --data-folder, or upload the file."))
    }
    let root = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
    let full = URL(fileURLWithPath: root + "/" + path).resolvingSymlinksInPath().path
    let named = URL(fileURLWithPath: root + "/" + path).standardizedFileURL.path
    if named.hasPrefix(root + "/"), !full.hasPrefix(root + "/") {
      return .failure(
        PathProblem(
          sentence:
            "\"\(path)\" is a link, or lies behind one, that leads out of the data folder; put the file itself there."))
    }
    guard full.hasPrefix(root + "/"), FileManager.default.fileExists(atPath: full) else {
      return .failure(PathProblem(sentence: "There is no file \"\(path)\" in the data folder."))
    }
    return .success(DatasetUpload.File(path: full, name: path))
  }

  private struct PathProblem: Error { var sentence: String }

  func check(name: String, _ faults: inout [DefinitionFault]) -> String {
    if !DefinitionValidator.isName(name) {
      faults.append(DefinitionFault(pointer: "/name", detail: "name must be 1 to 64 characters of a-z, 0-9 and -."))
    }
    return name
  }

  func check(_ format: String?, _ library: any DatasetLibrary, _ faults: inout [DefinitionFault]) -> String {
    if let format, library.formats.contains(format) { return format }
    let names = library.formats.joined(separator: ", ")
    let found = format.map { "The format is \"\($0)\"" } ?? "The format is missing"
    faults.append(
      DefinitionFault(pointer: format == nil ? "" : "/format", detail: "\(found); it should be one of \(names)."))
    return ""
  }

  func check(scaling: String?, _ faults: inout [DefinitionFault]) -> String {
    let scaling = scaling ?? "standard"
    if scaling != "standard", scaling != "none" {
      faults.append(
        DefinitionFault(pointer: "/scaling", detail: "scaling is \"\(scaling)\"; it should be standard or none."))
    }
    return scaling
  }
}
