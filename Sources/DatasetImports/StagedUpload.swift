import Datasets
import Studies

/// The files of one upload, in a folder of the shelf; used on one queue.
final class StagedUpload: UploadPlace {
  private let shelf: DatasetShelf
  private let folder: String
  private var file: NewFile?
  private var count = 0

  init(_ shelf: DatasetShelf, _ folder: String) {
    self.shelf = shelf
    self.folder = folder
  }

  func begin() throws(DatasetRefusal) -> String {
    let path = folder + "/upload-\(count)"
    count += 1
    do throws(StorageFault) { file = try shelf.disk.create(path) } catch { throw DatasetRefusal(error) }
    return path
  }

  func write(_ bytes: [UInt8]) throws(DatasetRefusal) {
    do throws(StorageFault) { try file?.write(bytes) } catch { throw DatasetRefusal(error) }
  }

  func end() throws(DatasetRefusal) {
    do throws(StorageFault) { try file?.close() } catch { throw DatasetRefusal(error) }
    file = nil
  }

  func discard() { shelf.discard(folder) }
}
