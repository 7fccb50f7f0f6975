using EdgeInference.ModelConverter.Import.Onnx;
using static OnnxBackend.Tests.Operators.Make;

namespace OnnxBackend.Tests.Operators;

/// <summary>ai.onnx.ml's linear models and support vector machines: classes, scores and regressions, with every kernel and post-transform.</summary>
internal static class LinearCases
{
    private static readonly string[] transforms = ["NONE", "LOGISTIC", "SOFTMAX", "SOFTMAX_ZERO"];

    internal static IEnumerable<OperatorCase> All() => [.. LinearClassifier(), .. LinearRegressor(), .. SvmRegressor(), .. SvmClassifier()];

    private static CaseTensor Rows => In([1, -2, 0.5, 0, 0, 0, 3, 1, -1, 0.25, 0.25, 0.25, -1, 2, -0.5], 5, 3);

    // The class and the scores, each as the one output of a model.
    private static IEnumerable<OperatorCase> Both(OperatorCase test)
    {
        yield return test with { Outputs = ["label", "scores"], GraphOutputs = ["label"], OutputTypes = [OnnxElementType.Int64], Note = test.Note + " label" };
        yield return test with { Outputs = ["label", "scores"], GraphOutputs = ["scores"], OutputTypes = [OnnxElementType.Float32], Note = test.Note + " scores" };
    }

    private static IEnumerable<OperatorCase> LinearClassifier()
    {
        foreach (string? transform in transforms.Append(null))
        {
            CaseAttribute[] ending = transform is null ? [] : [A("post_transform", transform)];
            OperatorCase three = FeatureCases.Ml("LinearClassifier", [Rows], [A("coefficients", new[] { 1f, 0.5f, -1f, -0.5f, 1f, 2f, 0.25f, -1f, 0.5f }), A("intercepts", new[] { 0.1f, 0f, -0.2f }), A("classlabels_ints", new[] { 0, 1, 2 }), .. ending]);
            foreach (OperatorCase test in Both(three))
            {
                yield return test;
            }

            // Other numbers than 0 to n − 1, scores of exactly 0, and ties.
            OperatorCase named = FeatureCases.Ml("LinearClassifier", [In([1, -2, 0.5, 0, 0, 0.5, 3, 1, -1, 0.25, 0.25, 0.25, -1, 2, -0.5, 2, 2, 0], 6, 3)], [A("coefficients", new[] { 1f, 0f, 0f, 1f, 0f, 0f, 0f, 1f, 1f }), A("intercepts", new float[3]), A("classlabels_ints", new[] { 7, 3, 5 }), A("multi_class", 1), .. ending]);
            foreach (OperatorCase test in Both(named))
            {
                yield return test;
            }

            // One score for two classes: above 0 it is the second. ONNX Runtime gives the first 1 − s, against its own label; here it is −s.
            OperatorCase two = FeatureCases.Ml("LinearClassifier", [Rows], [A("coefficients", new[] { 1f, 0.5f, -1f }), A("intercepts", new[] { 0f }), A("classlabels_ints", new[] { 0, 1 }), .. ending]);
            foreach (OperatorCase test in Both(two))
            {
                double[] scores = [.. Rows.Values.Chunk(3).Select(row => row[0] + (0.5 * row[1]) - row[2])];
                yield return test.GraphOutputs![0] == "label" || transform == "LOGISTIC" ? test : test with { Expected = [.. scores.SelectMany(score => Ended(transform, -score, score))] };
            }

            OperatorCase pair = FeatureCases.Ml("LinearClassifier", [Rows], [A("coefficients", new[] { 1f, 0.5f, -1f, -1f, -0.5f, 1f }), A("intercepts", new[] { 0.1f, -0.1f }), A("classlabels_ints", new[] { 4, 9 }), .. ending]);
            foreach (OperatorCase test in Both(pair))
            {
                yield return test;
            }
        }

        foreach (OperatorCase test in Both(FeatureCases.Ml("LinearClassifier", [In([1, -2, 0.5])], A("coefficients", new[] { 1f, 0.5f, -1f, -0.5f, 1f, 2f, 0.25f, -1f, 0.5f }), A("classlabels_ints", new[] { 0, 1, 2 }))))
        {
            yield return test with { Note = test.Note + " one row, without intercepts", Peer = test with { Inputs = [In([1, -2, 0.5], 1, 3)], Attributes = [.. test.Attributes, A("intercepts", new float[3])] } };
        }

        yield return FeatureCases.Ml("LinearClassifier", [Rows], A("classlabels_ints", new[] { 0, 1 })) with { Outputs = ["label", "scores"], Refusal = "is missing its coefficients" };
        yield return FeatureCases.Ml("LinearClassifier", [Rows], A("coefficients", new[] { 1f, 0f, 1f }), A("classlabels_ints", new[] { 0, 1 }), A("post_transform", "PROBIT")) with { Outputs = ["label", "scores"], Refusal = "ends with 'PROBIT'" };
        yield return FeatureCases.Ml("LinearClassifier", [Rows], A("coefficients", new[] { 1f, 0f }), A("classlabels_ints", new[] { 0, 1 })) with { Outputs = ["label", "scores"], Refusal = "has 2 coefficients for 3 features" };
        yield return FeatureCases.Ml("LinearClassifier", [Rows], A("coefficients", new[] { 1f, 0f, 1f }), A("intercepts", new[] { 1f, 2f }), A("classlabels_ints", new[] { 0, 1 })) with { Outputs = ["label", "scores"], Refusal = "has 2 intercepts for 1 outputs" };
    }

    // Softmax of two scores; with SOFTMAX_ZERO those that are 0 stay 0.
    internal static double[] Ended(string? transform, double a, double b) => transform switch
    {
        "SOFTMAX" => [1 / (1 + Math.Exp(b - a)), 1 / (1 + Math.Exp(a - b))],
        "SOFTMAX_ZERO" => a == 0 ? [0, 0] : [1 / (1 + Math.Exp(b - a)), 1 / (1 + Math.Exp(a - b))],
        _ => [a, b],
    };

    private static IEnumerable<OperatorCase> LinearRegressor()
    {
        OperatorCase two = FeatureCases.Ml("LinearRegressor", [Rows], A("coefficients", new[] { 1f, 0.5f, -1f, -0.5f, 1f, 2f }), A("targets", 2)) with { OutputTypes = [OnnxElementType.Float32] };
        foreach (OperatorCase test in Each(two, A("intercepts", new[] { 0.1f, -0.2f })))
        {
            yield return test;
        }

        foreach (string transform in transforms)
        {
            yield return two with { Inputs = [Rows with { Values = [.. Rows.Values.Select(value => value + 0.5)] }], Attributes = [.. two.Attributes, A("post_transform", transform)] };
        }

        yield return FeatureCases.Ml("LinearRegressor", [In([1, -2, 0.5])], A("coefficients", new[] { 1f, 0.5f, -1f })) with { OutputTypes = [OnnxElementType.Float32], Peer = FeatureCases.Ml("LinearRegressor", [In([1, -2, 0.5], 1, 3)], A("coefficients", new[] { 1f, 0.5f, -1f })) with { OutputTypes = [OnnxElementType.Float32] } };
        yield return FeatureCases.Ml("LinearRegressor", [Rows]) with { Refusal = "is missing its coefficients" };
        yield return FeatureCases.Ml("LinearRegressor", [Rows], A("coefficients", new[] { 1f, 0.5f, -1f }), A("intercepts", new[] { 0.1f })) with { OutputTypes = [OnnxElementType.Float32] };
        yield return two with { Attributes = [.. two.Attributes, A("post_transform", "PROBIT")], Refusal = "ends with 'PROBIT', which is not supported" };
    }

    private static readonly float[] vectors = [1f, 0f, 0.5f, 0f, 1f, -1f, 0.5f, 0.5f, 0f, -1f, 0.25f, 1f];

    private static IEnumerable<OperatorCase> SvmRegressor()
    {
        CaseAttribute[] basis = [A("coefficients", new[] { 0.5f, -1f, 0.75f, 0.3f }), A("rho", new[] { 0.2f }), A("n_supports", 4), A("support_vectors", vectors)];
        foreach ((string kernel, float[] parameters) in new (string, float[])[] { ("LINEAR", [0.3f, 0.5f, 2f]), ("RBF", [0.3f, 0f, 3f]), ("POLY", [0.3f, 0.5f, 2f]), ("POLY", [0.3f, 1f, 3f]), ("SIGMOID", [0.3f, 0.5f, 2f]) })
        {
            OperatorCase test = FeatureCases.Ml("SVMRegressor", [Rows], [.. basis, A("kernel_type", kernel), A("kernel_params", parameters)]) with { OutputTypes = [OnnxElementType.Float32] };
            yield return test;
            yield return test with { Attributes = [.. test.Attributes, A("one_class", 1)] };
            yield return test with { Attributes = [.. test.Attributes, A("one_class", 0), A("post_transform", "NONE")] };
        }

        // On, above and below 0.
        yield return FeatureCases.Ml("SVMRegressor", [In([1, 1, 0, 1, 0.5, 0, 0.5, 1, 0], 3, 3)], A("coefficients", new[] { 1f, -1f }), A("rho", new[] { 0f }), A("n_supports", 2), A("support_vectors", new[] { 1f, 0f, 0f, 0f, 1f, 0f }), A("one_class", 1), A("kernel_type", "LINEAR"), A("kernel_params", new[] { 0f, 0f, 0f })) with { OutputTypes = [OnnxElementType.Float32] };
        yield return FeatureCases.Ml("SVMRegressor", [Rows], A("coefficients", new[] { 0.5f, -1f, 0.75f }), A("rho", new[] { 0.2f }), A("kernel_type", "LINEAR"), A("kernel_params", new[] { 0f, 0f, 0f })) with { OutputTypes = [OnnxElementType.Float32] };
        yield return FeatureCases.Ml("SVMRegressor", [Rows], [.. basis[..2], A("n_supports", 4), A("support_vectors", vectors[..9])]) with { Refusal = "has 4 coefficients for 3 support vectors" };
        yield return FeatureCases.Ml("SVMRegressor", [Rows], [basis[0], A("rho", new[] { 0.2f, 0.1f }), .. basis[2..], A("kernel_type", "RBF"), A("kernel_params", new[] { 0.3f, 0f, 3f })]) with { Refusal = "has 4 coefficients for 4 support vectors" };
        OperatorCase plain = FeatureCases.Ml("SVMRegressor", [Rows], basis) with { OutputTypes = [OnnxElementType.Float32] };
        CaseAttribute none = A("kernel_params", new[] { 0f, 0f, 0f });
        OperatorCase named = plain with { Attributes = [.. basis, A("kernel_type", "LINEAR"), none] };
        yield return plain with { Peer = named, Note = "no kernel named" };
        yield return plain with { Attributes = [basis[0], .. basis[2..]], Peer = plain with { Attributes = [basis[0], A("rho", new[] { 0f }), .. basis[2..], A("kernel_type", "LINEAR"), none] }, Note = "no rho" };
        yield return plain with { Attributes = basis[1..], Refusal = "is missing its coefficients" };
        yield return plain with { Attributes = basis[..3], Refusal = "is missing its support vectors" };
        yield return plain with { Attributes = [.. basis, A("kernel_type", "CUBIC"), none], Refusal = "has the unknown kernel 'CUBIC'" };
        yield return plain with { Attributes = [.. basis, A("kernel_type", "RBF"), A("kernel_params", new[] { 0.3f, 0f })], Refusal = "2 parameters" };
        yield return plain with { Attributes = [.. basis[..3], A("support_vectors", vectors[..11]), A("kernel_type", "RBF"), none], Refusal = "has 11 numbers of support vectors" };
        yield return plain with { Attributes = [.. basis, A("post_transform", "LOGISTIC")], Expected = [.. OnnxRuntimePeer.Run(named.Write(), named)[0].Values.Select(value => 1 / (1 + Math.Exp(-value)))], Note = "a sigmoid" };
        yield return FeatureCases.Ml("SVMRegressor", [Rows], [.. basis, A("kernel_type", "RBF")]) with { Refusal = "0 parameters" };
    }

    private static IEnumerable<OperatorCase> SvmClassifier()
    {
        foreach ((string kernel, float[] parameters) in new (string, float[])[] { ("LINEAR", [0.3f, 0.5f, 2f]), ("RBF", [0.3f, 0f, 3f]), ("POLY", [0.3f, 0.5f, 2f]), ("SIGMOID", [0.3f, 0.5f, 2f]) })
        {
            CaseAttribute[] shape = [A("kernel_type", kernel), A("kernel_params", parameters)];
            CaseAttribute[] two = [A("coefficients", new[] { 0.5f, 1f, -0.75f, -0.6f }), A("rho", new[] { 0.2f }), A("support_vectors", vectors), A("vectors_per_class", new[] { 2, 2 }), A("classlabels_ints", new[] { 0, 1 }), .. shape];
            CaseAttribute[] three = [A("coefficients", new[] { 0.5f, 1f, -0.75f, -0.6f, 0.4f, -0.9f, 0.3f, 0.8f }), A("rho", new[] { 0.2f, -0.1f, 0.3f }), A("support_vectors", vectors), A("vectors_per_class", new[] { 1, 2, 1 }), A("classlabels_ints", new[] { 3, 5, 9 }), .. shape];
            foreach (OperatorCase test in Both(FeatureCases.Ml("SVMClassifier", [Rows], two)).Concat(Both(FeatureCases.Ml("SVMClassifier", [Rows], three))))
            {
                yield return test;
            }

            foreach (OperatorCase test in Both(FeatureCases.Ml("SVMClassifier", [Rows], [.. two, A("prob_a", new[] { -1.5f }), A("prob_b", new[] { 0.2f })])).Concat(Both(FeatureCases.Ml("SVMClassifier", [Rows], [.. three, A("prob_a", new[] { -1.5f, -1f, -2f }), A("prob_b", new[] { 0.2f, -0.1f, 0f })]))))
            {
                yield return test with { Tolerance = 1e-3 };
            }
        }

        yield return FeatureCases.Ml("SVMClassifier", [Rows], A("coefficients", new[] { 0.5f, 1f, -0.75f, -0.6f }), A("rho", new[] { 0.2f }), A("support_vectors", vectors), A("vectors_per_class", new[] { 2, 1 }), A("classlabels_ints", new[] { 0, 1 })) with { Outputs = ["label", "scores"], Refusal = "for 2 classes and 4 support vectors" };

        CaseAttribute[] right = [A("coefficients", new[] { 0.5f, 1f, -0.75f, -0.6f }), A("rho", new[] { 0.2f }), A("support_vectors", vectors), A("vectors_per_class", new[] { 2, 2 }), A("classlabels_ints", new[] { 0, 1 }), A("kernel_type", "RBF"), A("kernel_params", new[] { 0.3f, 0f, 3f })];
        OperatorCase Wrong(string name, CaseAttribute? other, string refusal) => FeatureCases.Ml("SVMClassifier", [Rows], [.. right.Where(attribute => attribute.Name != name), .. other is null ? Array.Empty<CaseAttribute>() : [other]]) with { Outputs = ["label", "scores"], Refusal = refusal };
        yield return Wrong("coefficients", null, "is missing its coefficients");
        yield return Wrong("rho", null, "is missing its rho");
        yield return Wrong("support_vectors", null, "is missing its support vectors");
        yield return Wrong("rho", A("rho", new[] { 0.2f, 0.1f }), "and 2 offsets for 2 classes");
        yield return Wrong("coefficients", A("coefficients", new[] { 0.5f, 1f, -0.75f }), "has 3 coefficients");
        yield return Wrong("vectors_per_class", A("vectors_per_class", new[] { 4 }), "for 1 classes and 4 support vectors");
        yield return Wrong("vectors_per_class", A("vectors_per_class", new[] { -1, 5 }), "for 2 classes and 4 support vectors");
        yield return Wrong("", A("prob_a", new[] { -1.5f }), "has 1 and 0 probability parameters for 1 pairs");
        yield return Wrong("", A("prob_a", new[] { -1.5f, 1f }), "has 2 and 0 probability parameters for 1 pairs");
        yield return FeatureCases.Ml("SVMClassifier", [Rows], A("coefficients", new[] { 1f, 0.5f }), A("rho", new[] { 0.1f }), A("classlabels_ints", new[] { 0, 1 })) with { Outputs = ["label", "scores"], Refusal = "has 2 coefficients for 3 features and 1 offsets" };
        yield return FeatureCases.Ml("SVMClassifier", [Rows], A("coefficients", new[] { 1f, 0.5f, 2f, 1f }), A("rho", new[] { 0.1f }), A("classlabels_ints", new[] { 0, 1 })) with { Outputs = ["label", "scores"], Refusal = "has 4 coefficients for 3 features and 1 offsets" };

        // A class without a vector of its own, and a kernel that is not named.
        foreach (OperatorCase test in Both(FeatureCases.Ml("SVMClassifier", [Rows], A("coefficients", new[] { 0.5f, 1f, -0.75f, -0.6f }), A("rho", new[] { 0.2f }), A("support_vectors", vectors), A("vectors_per_class", new[] { 2, 2 }), A("classlabels_ints", new[] { 0, 1 }))))
        {
            yield return test with { Note = test.Note + " no kernel named", Peer = test with { Attributes = [.. test.Attributes, A("kernel_type", "LINEAR"), A("kernel_params", new[] { 0f, 0f, 0f })] } };
        }

        // Decisions of exactly 0.
        foreach (OperatorCase test in Both(FeatureCases.Ml("SVMClassifier", [In([1, 1, 0, 1, 0.5, 0, 0.5, 1, 0], 3, 3)], A("coefficients", new[] { 1f, -1f }), A("rho", new[] { 0f }), A("support_vectors", new[] { 1f, 0f, 0f, 0f, 1f, 0f }),
            A("vectors_per_class", new[] { 1, 1 }), A("classlabels_ints", new[] { 0, 1 }), A("kernel_type", "LINEAR"), A("kernel_params", new[] { 0f, 0f, 0f }))))
        {
            yield return test;
        }

        foreach (string transform in transforms)
        {
            CaseAttribute[] two = [A("coefficients", new[] { 0.5f, 1f, -0.75f, -0.6f }), A("rho", new[] { 0.2f }), A("support_vectors", vectors), A("vectors_per_class", new[] { 2, 2 }), A("classlabels_ints", new[] { 0, 1 }), A("kernel_type", "RBF"), A("kernel_params", new[] { 0.3f, 0f, 3f })];
            OperatorCase plain = FeatureCases.Ml("SVMClassifier", [Rows], two);
            foreach (OperatorCase test in Both(FeatureCases.Ml("SVMClassifier", [Rows], [.. two, A("post_transform", transform)])))
            {
                // ONNX Runtime gives 1 − s and s there, and no softmax: the standard's is of the scores that it gives without one.
                bool ended = test.GraphOutputs![0] == "scores" && transform.StartsWith("SOFTMAX", StringComparison.Ordinal);
                yield return ended ? test with { Expected = [.. OnnxRuntimePeer.Run(Both(plain).Last().Write(), Both(plain).Last())[0].Values.Chunk(2).SelectMany(row => Ended(transform, row[0], row[1]))] } : test;
            }

            foreach (OperatorCase test in Both(FeatureCases.Ml("SVMClassifier", [Rows], A("coefficients", new[] { 1f, 0.5f, -1f, -0.5f, 1f, 2f, 0.25f, -1f, 0.5f }), A("rho", new[] { 0.1f, 0f, -0.2f }), A("classlabels_ints", new[] { 0, 1, 2 }), A("kernel_type", "LINEAR"), A("kernel_params", new[] { 0f, 0f, 0f }), A("post_transform", transform))))
            {
                yield return test with { Note = test.Note + " without vectors" };
            }
        }
    }
}
