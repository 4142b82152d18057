import CHDF5

extension HDF5File {
  /// The most bytes of a text.
  private static let textLimit = 1024

  /// The members of a list of texts: of fixed length, without what they are padded with, or of variable length.
  func texts(_ dataset: String, limit: Int, _ rules: ReadingRules) throws -> [String] {
    try open(dataset, rank: 1, layout: "one text a class", limit: limit) { id, type, _, count in
      guard H5Tget_class(type) == H5T_STRING else { throw wrongType(dataset, "texts") }
      if H5Tis_variable_str(type) > 0 { return try variableTexts(dataset, id, count) }
      let width = H5Tget_size(type)
      guard (1...Self.textLimit).contains(width) else {
        throw wrongType(dataset, "texts of 1 to \(Self.textLimit) bytes")
      }
      var bytes = [UInt8](repeating: 0, count: count * width)
      try fill(&bytes, from: id, as: type, dataset)
      let isPaddedWithBlanks = rules != .first && H5Tget_strpad(type) == H5T_STR_SPACEPAD
      return try (0..<count).map { row in
        var field = bytes[(row * width)..<((row + 1) * width)].prefix { $0 != 0 }
        while isPaddedWithBlanks, field.last == UInt8(ascii: " ") { field.removeLast() }
        return try text(Array(field), dataset, row)
      }
    }
  }

  /// Texts of variable length, as h5py writes Python's; the library gets no more memory for them than texts may take.
  private func variableTexts(_ dataset: String, _ id: hid_t, _ count: Int) throws -> [String] {
    guard count > 0 else { return [] }
    var texts = [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
    let status = texts.withUnsafeMutableBufferPointer { texts in
      cairn_h5_read_texts(id, texts.baseAddress, count * (Self.textLimit + 1))
    }
    // What was read before a failure is given back, too.
    defer { for text in texts { cairn_h5_free_text(text) } }
    guard status >= 0 else { throw missingFilter(dataset, id) ?? damaged(dataset) }
    return try texts.enumerated().map { row, pointer in
      guard let pointer else { return "" }
      let bytes = UnsafeBufferPointer(start: pointer, count: cairn_h5_text_length(pointer))
      guard bytes.count <= Self.textLimit else { throw wrongType(dataset, "texts of 1 to \(Self.textLimit) bytes") }
      return try text(bytes.map { UInt8(bitPattern: $0) }, dataset, row)
    }
  }

  private func text(_ bytes: [UInt8], _ dataset: String, _ row: Int) throws -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw DatasetError(
        .wrongFormat, file: name, dataset: dataset, row: row + 1, "the text is not UTF-8; store it as UTF-8")
    }
    return text
  }

  /// The filter that the data were written through and that the library lacks, if that is why they cannot be read.
  func missingFilter(_ dataset: String, _ id: hid_t) -> DatasetError? {
    let filter = cairn_h5_missing_filter(id)
    guard filter > 0 else { return nil }
    let known = [
      4: "szip", 305: "lzo", 307: "bzip2", 32000: "lzf", 32001: "blosc", 32002: "mafisc", 32003: "snappy", 32004: "lz4",
      32008: "bitshuffle", 32009: "spdp", 32010: "lpc-rice", 32012: "apax", 32013: "zfp", 32014: "fpzip",
      32015: "zstandard", 32016: "b3d", 32017: "sz", 32018: "fcidecomp", 32019: "jpeg", 32022: "granular bitround",
      32024: "sz3", 32026: "blosc2", 32027: "j2k", 32028: "htj2k",
    ]
    let text = known[Int(filter)].map { "\($0) (filter \(filter))" } ?? "filter \(filter)"
    return DatasetError(
      .wrongFormat, file: name, dataset: dataset,
      "the data are compressed with \(text), which Cairn cannot read; write them with gzip (in h5py: "
        + "compression=\"gzip\") or without compression")
  }
}
