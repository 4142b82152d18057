/// Every format; a new one is a file of its own and a line here.
public enum DatasetFormats {
  /// Every format, in the order in which they look for their files in a folder: names of files first, then tables of any
  /// name. A table of results is not found so: nothing in its name tells it from a table of examples.
  public static let all: [any DatasetFormat.Type] = [
    HDF5Format.self, IDXFormat.self, CSVFormat.self, ResultsFormat.self,
  ]

  /// The format of a name.
  public static func named(_ name: String) -> (any DatasetFormat.Type)? { all.first { $0.name == name } }

  /// The format of a name; throws where there is none.
  public static func existing(_ name: String) throws(DatasetError) -> any DatasetFormat.Type {
    guard let format = named(name) else { throw DatasetError(.invalid, "There is no format \(name)") }
    return format
  }
}
