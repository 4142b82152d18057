import Datasets
import Foundation
import Studies

extension DatasetRefusal {
  /// What a caller is told of an error of the catalogue or the disk.
  init(_ error: any Error) {
    self =
      switch error {
      case let refusal as DatasetRefusal: refusal
      case let fault as StorageFault: .unavailable(fault.message)
      case let error as DatasetError:
        switch error.kind {
        case .unknownName: .unknown(error.message)
        case .nameTaken, .fixed: .conflict(error.message)
        default: .invalid(error.message)
        }
      // Nothing else is thrown by what is called here; should it be, it is not the caller's fault.
      default: .unavailable("The data set could not be added or deleted: \(error.localizedDescription)")
      }
  }
}
