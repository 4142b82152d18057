import Dispatch
import Foundation
import ModelTraining
import Promises
import Studies

/// Why a model's file could not be written, in the words of the system.
public struct ModelWriteFault: Error, Sendable, Hashable, CustomStringConvertible {
  /// The system's number of what went wrong.
  public var code: Int32

  public var description: String { "its file could not be written (\(String(cString: strerror(code))))" }
}

/// Trained models as files in a folder: `STUDY/NUMBER-REPEAT-FOLD.safetensors`.
///
/// A file appears whole or not at all. What cannot be read is not there, and is trained again.
public final class ModelFolder: ModelShelf, Sendable {
  private let folder: URL
  /// Reading and writing wait for the disk, which a cooperative thread must not.
  private let queue = DispatchQueue(label: "cairn.models", attributes: .concurrent)

  /// The kinds of model whose networks it can read.
  private let models: [any TrainableModel.Type]

  /// Keeps models in a folder, which is made with the first.
  public init(folder: String, models: [any TrainableModel.Type] = ModelCatalogue.all) {
    self.folder = URL(fileURLWithPath: folder, isDirectory: true)
    self.models = models
  }

  /// Writes a model; on the calling thread, which may wait for the disk.
  public func keep(_ model: ModelFile, as key: ModelKey) throws(ModelWriteFault) {
    let target = url(key).path
    let draft = "\(target).\(UUID().uuidString)"
    do throws(ModelWriteFault) {
      for path in [folder.path, folder(of: key.study).path] where mkdir(path, 0o777) != 0 && errno != EEXIST {
        throw ModelWriteFault(code: errno)
      }
      try write(model.bytes, to: draft)
      guard rename(draft, target) == 0 else { throw ModelWriteFault(code: errno) }
    } catch {
      unlink(draft)
      throw error
    }
  }

  /// Writes a file down to the disk. Foundation's own calls do not tell what the system said.
  private func write(_ bytes: [UInt8], to path: String) throws(ModelWriteFault) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw ModelWriteFault(code: errno) }
    defer { close(descriptor) }
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        Foundation.write(descriptor, $0.baseAddress! + written, bytes.count - written)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw ModelWriteFault(code: count < 0 ? errno : EIO) }
      written += count
    }
    guard fsync(descriptor) == 0 else { throw ModelWriteFault(code: errno) }
  }

  public func has(_ key: ModelKey) async -> Bool {
    await onQueue { FileManager.default.fileExists(atPath: self.url(key).path) }
  }

  public func file(_ key: ModelKey) async -> [UInt8]? { await onQueue { self.read(key)?.bytes } }

  public func model(_ key: ModelKey) async -> (any ScoringModel)? { await onQueue { self.read(key)?.model } }

  /// What a model's file says beside its numbers; nil where it is not kept.
  func facts(_ key: ModelKey) async -> [String: String]? {
    await onQueue { Safetensors.metadata(of: self.url(key)) }
  }

  public func trim(study: UUID, keeping numbers: Set<Int>, others: Int) async {
    await onQueue {
      let files = self.contents(self.folder(of: study)).filter { file in
        let number = file.lastPathComponent.split(separator: "-").first.flatMap { Int($0) }
        return number.map { !numbers.contains($0) } ?? true
      }
      let byUse = files.map { ($0, Self.used($0)) }.sorted { ($0.1, $0.0.path) > ($1.1, $1.0.path) }
      for (file, _) in byUse.dropFirst(others) { try? FileManager.default.removeItem(at: file) }
    }
  }

  public func remove(study: UUID) async {
    await onQueue { try? FileManager.default.removeItem(at: self.folder(of: study)) }
  }

  public func studies() async -> [UUID] {
    await onQueue { self.contents(self.folder).compactMap { UUID(uuidString: $0.lastPathComponent) } }
  }

  /// A file's bytes and what they say; a file that says nothing is thrown away.
  private func read(_ key: ModelKey) -> (bytes: [UInt8], model: ModelFile)? {
    let url = url(key)
    guard let bytes = (try? Data(contentsOf: url)).map(Array.init) else { return nil }
    guard let model = ModelFile(bytes, models: models) else {
      try? FileManager.default.removeItem(at: url)
      return nil
    }
    try? FileManager.default.setAttributes([.modificationDate: Date()], ofItemAtPath: url.path)
    return (bytes, model)
  }

  private func folder(of study: UUID) -> URL { folder.appendingPathComponent(study.uuidString, isDirectory: true) }

  private func url(_ key: ModelKey) -> URL {
    folder(of: key.study).appendingPathComponent("\(key.number)-\(key.repetition)-\(key.fold).safetensors")
  }

  private func contents(_ folder: URL) -> [URL] {
    (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
  }

  private static func used(_ file: URL) -> Date {
    (try? FileManager.default.attributesOfItem(atPath: file.path))?[.modificationDate] as? Date ?? .distantPast
  }

  private func onQueue<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
    await queue.value(body)
  }
}
