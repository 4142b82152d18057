import Datasets
import Dispatch
import Promises
import Studies

extension ManagedDatasets: ExamplePictures {
  public func picture(dataset name: String, _ part: DatasetPart, _ index: Int) async throws(DatasetRefusal)
    -> ExamplePicture
  {
    // Not by the queue, which may be busy with a large file of somebody else's.
    let read = await DispatchQueue.global().value { [catalogue] () -> Result<ExamplePicture, DatasetRefusal> in
      do {
        let dataset = try catalogue.dataset(named: name)
        guard let found = dataset.picture(part, index) else {
          return .failure(.unknown("The examples of data set \(name) are not pictures."))
        }
        return .success(found)
      } catch let fault as StorageFault {
        return .failure(DatasetRefusal(fault))
      } catch { return .failure(.unknown("Data set \(name) cannot be read: \(error)")) }
    }
    return try read.get()
  }
}

extension Dataset {
  /// An example as a picture; nil where it is none, or the part has not as many.
  fileprivate func picture(_ part: DatasetPart, _ index: Int) -> ExamplePicture? {
    guard ExamplePicture.isShape(shape), let part = part == .first ? first : second, index < part.count,
      case .pixels(let pixels) = part.features
    else { return nil }
    return ExamplePicture(
      width: shape[1], height: shape[0], channels: shape.count == 3 ? shape[2] : 1,
      pixels: Array(pixels[index * features..<(index + 1) * features]))
  }
}
