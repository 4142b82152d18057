import Datasets
import Fetching
import Foundation
import Studies
import StudyDefinitions

extension ManagedDatasets {
  public func fault(inURL url: String) -> String? { Fetcher.fault(in: url) }

  public func imports() -> [DatasetImportStatus] { jobs.all.map { Self.status($0.record, $0.receivedBytes) } }

  public func fetch(_ fetch: DatasetFetch) async throws(DatasetRefusal) -> DatasetFetchOutcome {
    try await run { try fetchNow(fetch) }
  }

  private func fetchNow(_ fetch: DatasetFetch) throws -> DatasetFetchOutcome {
    try DatasetCatalogue.checkName(fetch.name)
    let wanted = DatasetImport(
      name: fetch.name, format: fetch.format, scaling: fetch.scaling,
      sources: fetch.sources.map { source in
        switch source {
        case .file(let file): .file(path: file.path, name: file.name)
        case .url(let url, let sha256): .url(url, sha256: sha256)
        }
      })
    if catalogue.names.contains(fetch.name) {
      guard try isMade(of: wanted) else { throw DatasetError.nameTaken(fetch.name) }
      return .exists(try catalogue.facts(of: fetch.name))
    }
    if let (record, received) = jobs.find(fetch.name), record.state == .importing {
      guard record.isSame(as: wanted) else {
        throw DatasetRefusal.conflict("The name \(fetch.name) is being imported from other files; choose another name.")
      }
      return .importing(Self.status(record, received))
    }
    try jobs.begin(wanted)
    return .importing(Self.status(wanted, 0))
  }

  /// Whether the existing data set was made of these files.
  private func isMade(of wanted: DatasetImport) throws -> Bool {
    guard let known = catalogue.files(of: wanted.name), known.format == wanted.format,
      known.scaling.rawValue == wanted.scaling, known.files.count == wanted.sources.count
    else { return false }
    for (file, source) in zip(known.files, wanted.sources) {
      let sha256: String
      switch source {
      case .file(let path, let name): sha256 = try DatasetFile(path: path, name: name).sha256()
      case .url(_, let given): sha256 = given
      }
      guard try file.sha256() == sha256 else { return false }
    }
    return true
  }

  private static func status(_ record: DatasetImport, _ receivedBytes: Int) -> DatasetImportStatus {
    DatasetImportStatus(
      name: record.name, state: record.state == .importing ? .importing : .failed, detail: record.detail,
      origin: "\(record.format): \(record.sources.map(\.name).joined(separator: ", "))", receivedBytes: receivedBytes)
  }
}
