import Foundation

/// Where the results page lies: the folder given, else beside the executable, else in the checkout.
struct PublicFolder {
  /// The folder found; nil where there is none.
  let path: String?
  /// Where it was looked for.
  let searched: [String]

  init(given: String?) throws(PlainError) {
    if let given {
      guard Self.isPage(given) else {
        throw PlainError("--public is \"\(given)\", which is not a folder with an index.html.")
      }
      path = given
      searched = [given]
      return
    }
    let executable = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    var folder = executable.deletingLastPathComponent()
    var candidates = [folder.deletingLastPathComponent().appendingPathComponent("share/cairn/public").path]
    // A checkout is a folder above the executable that holds both of these.
    while folder.path != "/" {
      folder.deleteLastPathComponent()
      if FileManager.default.fileExists(atPath: folder.appendingPathComponent("migrations").path) {
        candidates.append(folder.appendingPathComponent("public").path)
      }
    }
    searched = candidates
    path = candidates.first(where: Self.isPage)
  }

  private static func isPage(_ folder: String) -> Bool {
    FileManager.default.fileExists(atPath: folder + "/index.html")
  }
}
