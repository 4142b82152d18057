/// Why a data set could not be brought in or taken away.
public enum DatasetRefusal: Error, Sendable {
  /// The files or the name are not right; one sentence that names file and row.
  case invalid(String)
  /// The name has another content, or the data set may not be deleted.
  case conflict(String)
  /// There is no such data set; one sentence.
  case unknown(String)
  /// The machine does not let it happen now; one sentence that names what it refused. Nothing was changed.
  case unavailable(String)
  /// The store does not tell whether a study needs it.
  case unknownUse(StoreError)
}
