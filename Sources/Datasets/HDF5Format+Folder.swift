extension HDF5Format {
  public static let fileNames = FormatFileNames(
    endings: [".h5", ".hdf5", ".hdf"],
    advice:
      "of this format only train_catvnoncat.h5 and test_catvnoncat.h5 are found by themselves; bring the file in by "
      + "POST /v1/datasets with its path")

  /// The course's pair of files.
  public static func find(in scan: inout FolderScan) {
    let pair = ["train_catvnoncat.h5", "test_catvnoncat.h5"]
    guard pair.contains(where: scan.present.contains) else { return }
    defer { scan.present.subtract(pair) }
    if let missing = pair.first(where: { !scan.present.contains($0) }) {
      scan.refuse("cat-vs-noncat", missing: missing)
    } else {
      scan.add("cat-vs-noncat", pair)
    }
  }
}
