extension CSVFormat {
  public static let fileNames = FormatFileNames(endings: [".csv", ".csv.gz"], advice: nil)

  /// The name of a table's file without its end; nil for other files.
  private static func table(_ file: String) -> (stem: String, isSecond: Bool)? {
    let lower = file.lowercased()
    for end in fileNames.endings {
      if lower.hasSuffix(".test" + end) { return (String(file.dropLast(end.count + ".test".count)), true) }
      if lower.hasSuffix(end) { return (String(file.dropLast(end.count)), false) }
    }
    return nil
  }

  public static func find(in scan: inout FolderScan) {
    var firsts: [String: [String]] = [:]
    var seconds: [String: [String]] = [:]
    // Of two that differ in their ends alone, the plain one.
    let plainFirst = fileNames.endings.flatMap { end in scan.present.sorted().filter { $0.hasSuffix(end) } }
    let others = scan.present.subtracting(plainFirst).sorted()
    for file in plainFirst + others {
      guard let (stem, isSecond) = table(file) else { continue }
      if isSecond { seconds[stem, default: []].append(file) } else { firsts[stem, default: []].append(file) }
      scan.present.remove(file)
    }
    func refuse(_ file: String, _ why: String) { scan.refuse(file, "\(file): \(why).") }
    for (stem, files) in seconds where firsts[stem] == nil {
      for file in files { scan.refuse(file, missing: stem + ".csv") }
    }
    for (stem, files) in firsts {
      guard DatasetCatalogue.isValidName(stem), !BuiltInDatasets.names.contains(stem) else {
        let right = "use 1 to 64 of a-z, 0-9 and -, and not \(BuiltInDatasets.names.joined(separator: " or "))"
        for file in files { refuse(file, "the file's name cannot be the name of a data set; \(right)") }
        continue
      }
      let isTaken = scan.has(stem)
      for file in isTaken ? files : Array(files.dropFirst()) {
        refuse(file, "the name \(stem) is taken by other files; give the table another one")
      }
      if isTaken { continue }
      let others = seconds[stem] ?? []
      for file in others.dropFirst() { refuse(file, "there is another second part, \(others[0]); remove one") }
      scan.add(stem, [files[0]] + others.prefix(1))
    }
  }
}
