import Foundation
import JSONText
import Studies
import StudyDefinitions

/// What the bodies of data sets say, and every fault of theirs at once.
struct DatasetBodies {
  let library: any DatasetLibrary
  private var faults = FaultList()

  init(_ library: any DatasetLibrary) { self.library = library }

  /// A body that names files: in the data folder, or by URL.
  mutating func fetch(_ body: JSONValue) throws(APIProblem) -> DatasetFetch {
    let keys = ["name", "format", "files", "scaling"]
    guard let members = faults.members(of: body, at: .root, called: "The body", known: keys) else {
      throw APIProblem(.invalid(faults.faults))
    }
    if members["name"] == nil { faults.missing(["name"], at: .root, "The key name is missing.") }
    let name = members["name"].map { check(name: $0.stringValue ?? "") } ?? ""
    let format = check(format: members["format"]?.stringValue)
    let scaling = check(scaling: members["scaling"].map { $0.stringValue ?? "" })
    let listed = members["files"]?.arrayValue ?? []
    if members["files"] == nil {
      faults.missing(["files"], at: .root, "The key files is missing.")
    } else if listed.isEmpty {
      faults.add(members.at("files"), "files should be a list of one or more files.")
    }
    var sources: [DatasetFetch.Source] = []
    for (index, entry) in listed.enumerated() {
      if let source = source(entry, at: members.at("files").appending(index)) { sources.append(source) }
    }
    if !faults.faults.isEmpty { throw APIProblem(.invalid(faults.faults)) }
    return DatasetFetch(name: name, format: format, scaling: scaling, sources: sources)
  }

  /// The fields and files of a form.
  mutating func upload(
    _ fields: [String: String], _ files: [DatasetUpload.File]
  ) throws(APIProblem) -> DatasetUpload {
    if fields["name"] == nil { faults.add(.root.appending("name"), "The field name is missing.") }
    let name = fields["name"].map { check(name: $0) } ?? ""
    let format = check(format: fields["format"])
    let scaling = check(scaling: fields["scaling"])
    if files.isEmpty { faults.add(.root.appending("files"), "There is no file.") }
    if !faults.faults.isEmpty { throw APIProblem(.invalid(faults.faults)) }
    return DatasetUpload(name: name, format: format, scaling: scaling, files: files)
  }

  private mutating func source(_ entry: JSONValue, at place: JSONPointer) -> DatasetFetch.Source? {
    guard entry.objectValue != nil,
      let file = faults.members(of: entry, at: place, called: "A file", known: ["path", "url", "sha256"])
    else {
      faults.add(place, "A file is an object with a path, or a url and its sha256.")
      return nil
    }
    if let path = file["path"] { return self.path(path, of: file) }
    guard let url = file["url"] else {
      faults.missing(["path", "url"], at: place, "A file has a path, or a url and its sha256.")
      return nil
    }
    let before = faults.faults.count
    let address = url.stringValue ?? ""
    if url.stringValue == nil {
      faults.add(file.at("url"), "url should be a string.")
    } else if let fault = library.fault(inURL: address) {
      faults.add(file.at("url"), "The url \(fault).")
    }
    guard let digest = file["sha256"] else {
      faults.missing(["sha256"], at: place, "A file by url needs its sha256.")
      return nil
    }
    guard let sha256 = digest.stringValue?.lowercased(), sha256.utf8.count == 64,
      sha256.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
    else {
      faults.add(file.at("sha256"), "A sha256 is 64 hexadecimal digits.")
      return nil
    }
    return faults.faults.count == before ? .url(address, sha256: sha256) : nil
  }

  private mutating func path(_ value: JSONValue, of file: Members) -> DatasetFetch.Source? {
    if file["url"] != nil {
      faults.add(file.at("url"), "A file has a path or a url, not both.")
    } else if file["sha256"] != nil {
      faults.add(file.at("sha256"), "sha256 goes with a url; a file of the data folder has none.")
    } else if let path = value.stringValue {
      switch self.file(path) {
      case .success(let found): return .file(found)
      case .failure(let problem): faults.add(file.at("path"), problem.sentence)
      }
    } else {
      faults.add(file.at("path"), "path should be a string.")
    }
    return nil
  }

  /// A file inside the data folder; what a link leads to outside it is not given.
  private func file(_ path: String) -> Result<DatasetUpload.File, PathProblem> {
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

  private mutating func check(name: String) -> String {
    if !DefinitionValidator.isName(name) {
      faults.add(.root.appending("name"), "name must be 1 to 64 characters of a-z, 0-9 and -.")
    }
    return name
  }

  private mutating func check(format: String?) -> String {
    if let format, library.formats.contains(format) { return format }
    let names = library.formats.joined(separator: ", ")
    if let format {
      faults.add(.root.appending("format"), "The format is \"\(format)\"; it should be one of \(names).")
    } else {
      faults.missing(["format"], at: .root, "The format is missing; it should be one of \(names).")
    }
    return ""
  }

  private mutating func check(scaling: String?) -> String {
    let scaling = scaling ?? "standard"
    if scaling != "standard", scaling != "none" {
      faults.add(.root.appending("scaling"), "scaling is \"\(scaling)\"; it should be standard or none.")
    }
    return scaling
  }
}
