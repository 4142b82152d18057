import CHDF5
import Foundation

/// An HDF5 file open for reading, used only inside `HDF5File.read`.
struct HDF5File {
  let handle: hid_t
  let name: String

  /// The library as Debian and Ubuntu build it is not thread-safe, so that one caller at a time is let in.
  static let lock = NSLock()

  /// Opens a file for the time of `body`, alone with the library.
  static func read<Result>(
    _ file: DatasetFile, _ limits: DatasetLimits, _ body: (HDF5File) throws -> Result
  ) throws -> Result {
    // The library does not say why it cannot open a file.
    let size = try file.checkedSize(limits)
    lock.lock()
    defer { lock.unlock() }
    // HDF5's exit handler can loop forever after a damaged file; disable it.
    _ = H5dont_atexit()
    _ = H5open()
    _ = cairn_h5_silence_errors()
    _ = cairn_h5_forbid_plugins()
    guard H5Fis_hdf5(file.path) > 0 else {
      throw DatasetError(
        size < 8 ? .truncated : .wrongFormat, file: file.name,
        "this is not an HDF5 file; it must begin with HDF5's signature 89 48 44 46 0d 0a 1a 0a")
    }
    let handle = H5Fopen(file.path, cairn_h5_read_only(), cairn_h5_default_properties())
    guard handle >= 0 else {
      throw DatasetError(.truncated, file: file.name, "the HDF5 file is cut off or damaged; it must be whole")
    }
    defer { H5Fclose(handle) }
    return try body(HDF5File(handle: handle, name: file.name))
  }

  /// True where the file has a link of this name at its root.
  func has(_ dataset: String) -> Bool { H5Lexists(handle, dataset, cairn_h5_default_properties()) > 0 }

  /// The shape and the bytes of an array of unsigned 8-bit integers.
  func bytes(_ dataset: String, rank: Int, layout: String, limit: Int) throws -> (shape: [Int], bytes: [UInt8]) {
    try open(dataset, rank: rank, layout: layout, limit: limit) { id, type, shape, count in
      guard H5Tget_class(type) == H5T_INTEGER, H5Tget_size(type) == 1, H5Tget_sign(type) == H5T_SGN_NONE else {
        throw wrongType(dataset, "unsigned 8-bit integers")
      }
      var bytes = [UInt8](repeating: 0, count: count)
      try fill(&bytes, from: id, as: cairn_h5_native_uint8(), dataset)
      return (shape, bytes)
    }
  }

  /// The numbers of a list of integers of any width.
  func integers(_ dataset: String, limit: Int) throws -> [Int64] {
    try open(dataset, rank: 1, layout: "one number an example", limit: limit) { id, type, _, count in
      // A damaged type can have gigabytes a number, which the library would make room for.
      guard H5Tget_class(type) == H5T_INTEGER, (1...8).contains(H5Tget_size(type)) else {
        throw wrongType(dataset, "integers of 1 to 8 bytes")
      }
      var numbers = [Int64](repeating: 0, count: count)
      try fill(&numbers, from: id, as: cairn_h5_native_int64(), dataset)
      return numbers
    }
  }

  func open<Result>(
    _ dataset: String, rank: Int, layout: String, limit: Int,
    _ body: (_ id: hid_t, _ type: hid_t, _ shape: [Int], _ count: Int) throws -> Result
  ) throws -> Result {
    guard has(dataset) else {
      throw DatasetError(
        .missing, file: name, dataset: dataset, "the file has no data set of this name; it needs one (\(layout))")
    }
    let id =
      cairn_h5_is_hard_link(handle, dataset) == 1
      ? H5Dopen2(handle, dataset, cairn_h5_default_properties()) : -1
    guard id >= 0 else { throw damaged(dataset) }
    defer { H5Dclose(id) }
    guard cairn_h5_is_self_contained(id) == 1 else { throw damaged(dataset) }
    let space = H5Dget_space(id)
    let type = H5Dget_type(id)
    defer {
      if space >= 0 { H5Sclose(space) }
      if type >= 0 { H5Tclose(type) }
    }
    guard space >= 0, type >= 0 else { throw damaged(dataset) }
    let found = Int(H5Sget_simple_extent_ndims(space))
    guard found == rank else {
      throw DatasetError(
        .shape, file: name, dataset: dataset, "the array has \(found) dimensions; it must have \(rank) (\(layout))")
    }
    var lengths = [hsize_t](repeating: 0, count: rank)
    guard H5Sget_simple_extent_dims(space, &lengths, nil) == Int32(rank) else { throw damaged(dataset) }
    let shape = lengths.map { Int(clamping: $0) }
    guard let count = PartValidation.product(shape, limit: limit) else {
      throw DatasetError(
        .tooLarge, file: name, dataset: dataset,
        "the shape \(PartValidation.text(shape)) is too large; at most \(limit) numbers are allowed")
    }
    return try body(id, type, shape, count)
  }

  func fill<Element>(
    _ array: inout [Element], from id: hid_t, as type: hid_t, _ dataset: String
  ) throws {
    guard !array.isEmpty else { return }
    let status = array.withUnsafeMutableBytes { memory in
      H5Dread(
        id, type, cairn_h5_whole_dataspace(), cairn_h5_whole_dataspace(), cairn_h5_default_properties(),
        memory.baseAddress)
    }
    guard status >= 0 else { throw missingFilter(dataset, id) ?? damaged(dataset) }
  }

  func wrongType(_ dataset: String, _ right: String) -> DatasetError {
    DatasetError(.wrongFormat, file: name, dataset: dataset, "the elements have the wrong type; they must be \(right)")
  }

  func damaged(_ dataset: String) -> DatasetError {
    DatasetError(
      .truncated, file: name, dataset: dataset,
      "the data cannot be read; they must be whole and lie in this file itself (contiguous or in chunks), not behind a "
        + "link")
  }
}
