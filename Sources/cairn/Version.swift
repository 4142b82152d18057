/// The version that `--version`, `/metrics` and the API tell.
enum Version {
  static let text = "0.1.0"
}
