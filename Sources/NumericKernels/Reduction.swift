/// Sums of many numbers: virtual lanes that take every 16th number (8th in double), then one fixed tree.
public enum Reduction {
  /// The sum of an array.
  public static func sum(_ numbers: [Double]) -> Double { NaiveArithmetic<Double>().sum(numbers) }
}
