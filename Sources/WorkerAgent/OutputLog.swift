/// The last bytes of a command's output, and which of them the service has.
struct OutputLog {
  /// As many as the service keeps of a trial.
  static let kept = 1 << 20
  /// The most bytes of one upload.
  static let piece = 256 << 10

  private var bytes: [UInt8] = []
  /// The place of `bytes.first` in the whole output.
  private var start = 0
  private var uploaded = 0

  /// Whether there is something that the service does not have.
  var hasUnsent: Bool { uploaded < start + bytes.count }

  mutating func append(_ new: some Collection<UInt8>) {
    bytes.append(contentsOf: new)
    // Not byte by byte: a removal moves all that is kept.
    guard bytes.count > 2 * Self.kept else { return }
    let surplus = bytes.count - Self.kept
    bytes.removeFirst(surplus)
    start += surplus
  }

  /// The next piece to upload, and its place in the whole output: of what is too old to be kept nothing is sent.
  var next: (offset: Int, bytes: [UInt8])? {
    let from = max(uploaded, start + bytes.count - Self.kept, start)
    let piece = bytes.dropFirst(from - start).prefix(Self.piece)
    return piece.isEmpty ? nil : (from, Array(piece))
  }

  /// The service has all before this place.
  mutating func isUploaded(to offset: Int) { uploaded = max(uploaded, offset) }

  /// Nothing more is sent.
  mutating func giveUp() { uploaded = start + bytes.count }
}
