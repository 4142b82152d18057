import Foundation

extension DatasetShelf {
  /// Every import that is not done.
  public func unfinishedImports() -> [DatasetImport] {
    let files = (try? disk.names(in: imports)) ?? []
    return files.compactMap { file in
      (try? disk.contents(of: imports + "/" + file)).flatMap {
        try? JSONDecoder().decode(DatasetImport.self, from: Data($0))
      }
    }
  }

  /// Remembers how far an import is.
  public func keep(_ unfinished: DatasetImport) throws {
    try place(try JSONEncoder().encode(unfinished), imports + "/\(unfinished.name).json")
  }

  /// Forgets an import that is done or not wanted any more, for good once this returns.
  public func forgetImport(_ name: String) throws(StorageFault) { try removeEntry(imports + "/\(name).json") }
}
