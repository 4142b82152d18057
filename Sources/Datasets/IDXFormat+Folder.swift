extension IDXFormat {
  public static let fileNames = FormatFileNames(
    endings: ["-ubyte", "-ubyte.gz", ".idx", ".idx.gz"],
    advice: "of this format only MNIST's files are found by themselves (train-images-idx3-ubyte and so on); bring the "
      + "files in by POST /v1/datasets with their paths")

  /// The 60,000 of `train` and the 10,000 of `t10k` as second part, or either alone; named as their authors do, or as
  /// programs do that unpack them, with a dot in place of the second hyphen.
  public static func find(in scan: inout FolderScan) {
    var files: [String] = []
    defer { scan.present.subtract(files) }
    for prefix in ["train", "t10k"] {
      let wanted = ["images-idx3-ubyte", "labels-idx1-ubyte"].map { part in
        let names = ["\(prefix)-\(part)", "\(prefix)-\(part.replacing("-idx", with: ".idx"))"]
        return names + names.map { $0 + ".gz" }
      }
      let found = wanted.map { names in names.first(where: scan.present.contains) }
      defer { scan.present.subtract(wanted.joined()) }
      guard let known = found.compactMap({ $0 }).first else { continue }
      if let missing = found.firstIndex(of: nil) {
        // Named as the one that is there.
        let likeness = wanted[1 - missing].firstIndex(of: known) ?? 0
        scan.refuse("mnist", missing: wanted[missing][likeness])
        return
      }
      files += found.compactMap { $0 }
    }
    if !files.isEmpty { scan.add("mnist", files) }
  }
}
