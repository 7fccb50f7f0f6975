namespace EdgeInference.Tool.Tests.Import.Keras.Definitions;

/// <content>Categories and bins of numbers; text is in CategoryLayerTests.</content>
internal static partial class KerasCases
{
    private static IEnumerable<KerasCase> Categories()
    {
        // keras.layers.Discretization: bin i holds boundaries[i − 1] ≤ x < boundaries[i].
        double Bin(Settings s, double x) => s.Doubles("bin_boundaries")!.Count(boundary => boundary <= x);
        yield return new("Discretization", """{"bin_boundaries": [-1.0, 0.25, 1.0], "output_mode": "int"}""", [[3, 5]], None, (s, x, _) => [x[0].Map(value => Bin(s, value))], ["bin_boundaries"]);
        yield return new("Discretization", """{"bin_boundaries": [-1.0, 0.25, 1.0], "output_mode": "one_hot"}""", [[3, 5]], None,
            (s, x, _) => [Nd.Make([3, 5, 4], at => Bin(s, x[0][at[0], at[1]]) == at[2] ? 1 : 0)], ["bin_boundaries", "output_mode"]);

        // keras.layers.CategoryEncoding: one_hot for each number, multi_hot and count for the last axis.
        yield return new("CategoryEncoding", """{"num_tokens": 5, "output_mode": "one_hot"}""", [[4]], None, (_, x, _) => [Nd.Make([4, 5], at => x[0][at[0]] == at[1] ? 1 : 0)], ["num_tokens", "output_mode"]) { Whole = 5 };
        yield return new("CategoryEncoding", """{"num_tokens": 5, "output_mode": "count"}""", [[2, 4]], None, (s, x, _) =>
        [
            Nd.Make([2, 5], at => Enumerable.Range(0, 4).Count(i => x[0][at[0], i] == at[1]) is var count && s.Has("output_mode") ? count : Math.Min(1, count)),
        ], ["num_tokens"]) { Whole = 5 };

        // keras.layers.IntegerLookup: the mask's position is 0, then those of what is not known, then those of the vocabulary.
        double Position(Settings s, double value) => value == s.NumberOrNull("mask_token") ? 0
            : Array.IndexOf(s.Doubles("vocabulary")!, value) is >= 0 and var place ? place + 1 + (s.Has("mask_token") ? 1 : 0)
            : s.Has("mask_token") ? 1 : 0;
        yield return new("IntegerLookup", """{"vocabulary": [3.0, 0.0, 2.0], "mask_token": 4.0, "num_oov_indices": 1, "oov_token": -1.0, "invert": false, "output_mode": "int"}""", [[3, 4]], None,
            (s, x, _) => [x[0].Map(value => Position(s, value))], ["vocabulary"]) { Whole = 6 };
    }
}
