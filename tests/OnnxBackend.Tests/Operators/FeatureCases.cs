using EdgeInference.ModelConverter.Import.Onnx;
using static OnnxBackend.Tests.Operators.Make;

namespace OnnxBackend.Tests.Operators;

/// <summary>ai.onnx.ml's preparation of features.</summary>
internal static class FeatureCases
{
    internal static IEnumerable<OperatorCase> All() =>
    [
        .. Each(Ml("Scaler", [X(2, 3)], A("offset", new[] { 0.5f, -1f, 2f })), A("scale", new[] { 2f, 0.5f, -3f })).Where(test => test.Attributes.Length == 2),
        Ml("Scaler", [X(2, 3)], A("offset", new[] { 0.5f }), A("scale", new[] { 2f })),

        // ONNX Runtime wants both.
        Ml("Scaler", [X(2, 3)], A("offset", new[] { 0.5f, -1f, 2f })) with { Peer = Ml("Scaler", [X(2, 3)], A("offset", new[] { 0.5f, -1f, 2f }), A("scale", new[] { 1f, 1f, 1f })) },
        Ml("Scaler", [X(2, 3)], A("scale", new[] { 2f, 0.5f, -3f })) with { Peer = Ml("Scaler", [X(2, 3)], A("offset", new float[3]), A("scale", new[] { 2f, 0.5f, -3f })) },
        Ml("Scaler", [In(OnnxElementType.Int64, [1, -2, 3], 1, 3)], A("offset", new[] { 0.5f, 1f, 2f }), A("scale", new[] { 2f, 0.5f, 4f })),
        Ml("Normalizer", [In([1, 2, 4, 0, 0.5, 0.25], 2, 3)]),
        .. new[] { "L1", "L2" }.Select(norm => Ml("Normalizer", [X(3, 4)], A("norm", norm))),
        .. new[] { "MAX", "L1", "L2" }.Select(norm => Ml("Normalizer", [In([1, 2, 4, 0, 0, 0, 3, 4, 0.5], 3, 3)], A("norm", norm))),

        // By the largest size, as scikit-learn and the standard's reference have it; ONNX Runtime divides by the highest number.
        Ml("Normalizer", [In([1, -4, 2, -8, -2, -4], 2, 3)], A("norm", "MAX")) with { Expected = [0.25, -1, 0.5, -1, -0.25, -0.5] },
        Ml("Normalizer", [X(2, 3)], A("norm", "L3")) with { Refusal = "has the unknown norm 'L3'" },
        .. new[] { "MAX", "L1", "L2" }.Select(norm => Ml("Normalizer", [In([1, 2, 4])], A("norm", norm))),
        Ml("Normalizer", [In(OnnxElementType.Int64, [1, 2, 5, 3, 4, 0], 2, 3)], A("norm", "L1")),
        .. Imputer(),
        .. new[] { -0.5, 0.0, 0.5 }.Select(threshold => Ml("Binarizer", [In([-1, -0.5, -0.0, 0, 0.25, 0.5, 0.75])], A("threshold", threshold))),
        Ml("Binarizer", [In([-1, -0.5, -0.0, 0, 0.25, 0.5, 0.75])]),
        Ml("ArrayFeatureExtractor", [X(3, 4), Ints(2, 0)]),
        Ml("ArrayFeatureExtractor", [X(3, 4), Const(OnnxElementType.Int64, [3, 1, 0], 1, 3)]),
        Ml("ArrayFeatureExtractor", [X(4), Ints(2)]),
        Ml("ArrayFeatureExtractor", [C(1, 4), In(OnnxElementType.Int64, [2], 1)]),
        Ml("FeatureVectorizer", [X(2, 3), X2(2, 2)], A("inputdimensions", new[] { 3, 2 })),
        Ml("FeatureVectorizer", [X(2, 1), X2(2, 2), C(2, 2)], A("inputdimensions", new[] { 1, 2, 2 })),
        Ml("FeatureVectorizer", [X(2, 1), X2(2, 1), C(2, 1)], A("inputdimensions", new[] { 1, 1, 1 })),
        .. LabelEncoder(),
        .. ZipMap(),
        .. Each(Ml("OneHotEncoder", [In(OnnxElementType.Int64, [1, 3, 2, 3], 2, 2)], A("cats_int64s", new[] { 3, 1, 2 })), A("zeros", 1)),
        Ml("OneHotEncoder", [In([1, 3, 7, 2], 4, 1)], A("cats_int64s", new[] { 3, 1, 2 }), A("zeros", 1)),
        Ml("OneHotEncoder", [In([1, 3, 2], 3)], A("cats_int64s", new[] { 3, 1, 2 }), A("zeros", 0)),
        Ml("OneHotEncoder", [In([1, 3, 7, 2], 4, 1)], A("cats_int64s", new[] { 3, 1, 2 })),
        Ml("OneHotEncoder", [In([1.5, 3.25, 2], 3)], A("cats_int64s", new[] { 3, 1, 2 })),
        Ml("OneHotEncoder", [In([1, 3, 7, 2], 4, 1)], A("cats_int64s", new[] { 3, 1, 2 }), A("zeros", 0)) with { Expected = [0, 1, 0, 1, 0, 0, double.NaN, double.NaN, double.NaN, 0, 0, 1], Note = "a category that is not known" },
        Ml("OneHotEncoder", [X(2)]) with { Refusal = "is missing its categories" },
        Ml("OneHotEncoder", [X(2)], A("zeros", 1)) with { Refusal = "is missing its categories" },
        Ml("FeatureVectorizer", [X(2, 3, 2), X2(2, 2)], A("inputdimensions", new[] { 6, 2 })) with { Expected = [.. X(2, 6).Values[..6], .. X2(2, 2).Values[..2], .. X(2, 6).Values[6..], .. X2(2, 2).Values[2..]] },
        Ml("ArrayFeatureExtractor", [X(2, 3, 4), Ints(2, 0)]),
        Ml("OneHotEncoder", [X(2)], A("cats_strings", new[] { "a" })) with { Refusal = "has text categories" },
    ];

    internal static OperatorCase Ml(string type, CaseTensor[] inputs, params CaseAttribute[] attributes) => Case("ai.onnx.ml." + type, inputs, attributes);

    private static IEnumerable<OperatorCase> Imputer()
    {
        CaseTensor x = In([1, double.NaN, 0, double.NaN, -0.0, 3, -1, 5, 2], 3, 3);
        CaseAttribute put = A("imputed_value_floats", new[] { 7f, 8f, 9f });
        yield return Ml("Imputer", [x], put, A("replaced_value_float", float.NaN));
        yield return Ml("Imputer", [x], put, A("replaced_value_float", 0f));
        yield return Ml("Imputer", [x], put, A("replaced_value_float", -1f));
        yield return Ml("Imputer", [x], put);
        yield return Ml("Imputer", [x], A("imputed_value_floats", new[] { 7f }), A("replaced_value_float", float.NaN));
        CaseTensor whole = In(OnnxElementType.Int64, [1, 0, 3, -1, 0, 5], 2, 3);
        CaseAttribute integers = A("imputed_value_int64s", new[] { 7, 8, 9 });
        yield return Ml("Imputer", [whole], integers, A("replaced_value_int64", -1));
        yield return Ml("Imputer", [whole], integers, A("replaced_value_int64", 0));
        yield return Ml("Imputer", [whole], integers);
        yield return Ml("Imputer", [x], put, A("replaced_value_float", float.NaN), A("replaced_value_int64", 3));
        yield return Ml("Imputer", [whole], integers, A("replaced_value_int64", 3), A("replaced_value_float", 5f));
        yield return Ml("Imputer", [whole], A("imputed_value_int64s", new[] { 7 }), A("replaced_value_int64", -1)) with { GraphOutputs = ["z"], Note = "then Div", More = [("Constant", [], ["two"], [A("value", Const(OnnxElementType.Int64, [2]))]), ("Div", ["y", "two"], ["z"], [])] };
        yield return Ml("Imputer", [x]) with { Refusal = "is missing the replacement values" };
    }

    private static IEnumerable<OperatorCase> LabelEncoder()
    {
        CaseTensor x = In(OnnxElementType.Int64, [1, 2, 5, 9, -3]);
        CaseTensor real = In([1, 2.5, 5, 9, -3]);
        foreach (int opset in new[] { 2, 3, 4 })
        {
            foreach (OperatorCase test in Each(Ml("LabelEncoder", [x], A("keys_int64s", new[] { 5, 1, -3 }), A("values_int64s", new[] { 10, 20, 30 })), A("default_int64", 77)))
            {
                yield return test with { MlOpset = opset };
            }

            foreach (OperatorCase test in Each(Ml("LabelEncoder", [x], A("keys_int64s", new[] { 5, 1, -3 }), A("values_floats", new[] { 0.5f, 1.5f, -2f })), A("default_float", 7.5)))
            {
                yield return test with { MlOpset = opset };
            }

            foreach (OperatorCase test in Each(Ml("LabelEncoder", [real], A("keys_floats", new[] { 2.5f, 1f, -3f }), A("values_int64s", new[] { 10, 20, 30 })), A("default_int64", 77)))
            {
                yield return test with { MlOpset = opset };
            }

            foreach (OperatorCase test in Each(Ml("LabelEncoder", [real], A("keys_floats", new[] { 2.5f, 1f, -3f }), A("values_floats", new[] { 0.5f, 1.5f, -2f })), A("default_float", 7.5)))
            {
                yield return test with { MlOpset = opset };
            }
        }

        yield return Ml("LabelEncoder", [x], A("keys_tensor", Const(OnnxElementType.Int64, [5, 1])), A("values_tensor", Const(OnnxElementType.Int64, [50, 10])), A("default_tensor", Const(OnnxElementType.Int64, [4]))) with { MlOpset = 4 };
        yield return Ml("LabelEncoder", [x], A("keys_int64s", new[] { 5, 1 }), A("values_int64s", new[] { 10 })) with { Refusal = "has 2 keys but 1 values" };
        yield return Ml("LabelEncoder", [x], A("keys_int64s", new[] { 5 }), A("values_int64s", new[] { 10, 20 })) with { Refusal = "has 1 keys but 2 values" };
        yield return Ml("LabelEncoder", [x], A("keys_floats", Array.Empty<float>()), A("values_floats", Array.Empty<float>())) with { Refusal = "LabelEncoder" };
        foreach ((string values, CaseAttribute list, OnnxElementType type) in new[] { ("values_int64s", A("values_int64s", new[] { 11, -21 }), OnnxElementType.Int64), ("values_floats", A("values_floats", new[] { 11f, -21f }), OnnxElementType.Float32) })
        {
            yield return Ml("LabelEncoder", [x], A("keys_int64s", new[] { 5, 1 }), list) with { GraphOutputs = ["z"], Note = $"{values} then Div", More = [("Constant", [], ["two"], [A("value", Const(type, [2]))]), ("Div", ["y", "two"], ["z"], [])] };
        }

        // The first value of a key counts.
        yield return Ml("LabelEncoder", [x], A("keys_int64s", new[] { 5, 1, 5 }), A("values_int64s", new[] { 10, 20, 30 }));
        yield return Ml("LabelEncoder", [x], A("keys_strings", new[] { "a" }), A("values_int64s", new[] { 1 })) with { Refusal = "maps text, but its input is not text" };
    }

    private static IEnumerable<OperatorCase> ZipMap()
    {
        yield return Ml("ZipMap", [X(2, 3)], A("classlabels_int64s", new[] { 0, 1, 2 })) with { Expected = X(2, 3).Values };
        yield return Ml("ZipMap", [X(2, 3)], A("classlabels_strings", new[] { "c", "a", "b" })) with { Expected = X(2, 3).Values };
    }
}
