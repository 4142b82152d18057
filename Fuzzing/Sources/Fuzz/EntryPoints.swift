import Foundation
import FuzzTargets

// libFuzzer brings `main` along and calls these two; a file called main.swift, or @main, would be in its way.

/// Before the first input: writes those to begin with into the folder that is the last argument.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>
) -> CInt {
  guard ChosenTarget.run != nil else {
    print("CAIRN_FUZZ should be one of \(Targets.all.keys.sorted().joined(separator: ", "))")
    exit(2)
  }
  let last = arguments.pointee[Int(count.pointee) - 1].map { String(cString: $0) } ?? ""
  var isFolder: ObjCBool = false
  guard FileManager.default.fileExists(atPath: last, isDirectory: &isFolder), isFolder.boolValue else { return 0 }
  for (index, seed) in Seeds.of(ChosenTarget.name).enumerated() {
    try? Data(seed).write(to: URL(fileURLWithPath: last).appendingPathComponent("seed-\(index)"))
  }
  return 0
}

/// One input.
@_cdecl("LLVMFuzzerTestOneInput")
public func test(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  ChosenTarget.run?(Array(UnsafeBufferPointer(start: bytes, count: count)))
  return 0
}
