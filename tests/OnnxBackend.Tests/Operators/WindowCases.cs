using static OnnxBackend.Tests.Operators.Make;

namespace OnnxBackend.Tests.Operators;

/// <summary>Convolutions, poolings and images in another size.</summary>
internal static class WindowCases
{
    internal static IEnumerable<OperatorCase> All() => [.. Conv(), .. FusedConv(), .. ConvTranspose(), .. Pools(), .. Resize(), .. Upsample()];

    private static IEnumerable<OperatorCase> Conv() =>
    [
        .. Each(Case("Conv", [X(1, 4, 9, 8), C(6, 2, 3, 2), C(6)], A("group", 2)), A("kernel_shape", new[] { 3, 2 }), A("strides", new[] { 2, 3 }), A("dilations", new[] { 2, 3 }), A("pads", new[] { 1, 2, 3, 0 })),
        .. Each(Case("Conv", [X(2, 4, 9), C(6, 4, 3), C(6)]), A("strides", new[] { 2 }), A("dilations", new[] { 3 }), A("pads", new[] { 2, 1 })),
        .. Each(Case("Conv", [X(1, 3, 5, 6), C(3, 1, 2, 3)], A("group", 3)), A("strides", new[] { 2, 1 }), A("auto_pad", "VALID")),
        .. AutoPads("Conv", [X(1, 2, 7, 6), C(3, 2, 2, 4), C(3)]),
        .. AutoPads("Conv", [X(1, 2, 8, 5), C(3, 2, 3, 4), C(3)]),
        .. AutoPads("Conv", [X(1, 2, 8, 9), C(3, 2, 3, 4), C(3)], A("dilations", new[] { 3, 2 })).Select(test => test with { Peer = WithPads(test) }),

        // ONNX Runtime refuses pads beside auto_pad; the standard has them unused.
        Case("Conv", [X(1, 2, 8, 9), C(3, 2, 3, 4)], A("auto_pad", "VALID"), A("pads", new[] { 1, 1, 1, 1 })) with { Peer = Case("Conv", [X(1, 2, 8, 9), C(3, 2, 3, 4)]) },
        Case("Conv", [X(1, 2, 5, 5), C(3, 2, 3, 3)], A("auto_pad", "NOTSET"), A("pads", new[] { 1, 1, 1, 1 })),
        Case("Conv", [X(1, 2, 5, 5, 5), C(3, 2, 3, 3, 3)]) with { Refusal = "one or two axes are supported" },
        Case("Conv", [X(1, 2, 5, 5), X2(3, 2, 3, 3)]) with { Refusal = "needs a constant as input" },
        Case("Conv", [X(1, 2, 5, 5), C(3, 2, 3, 3), X2(3)]) with { Refusal = "needs a constant as input" },
        Case("Conv", [X(1, 4, 5, 5), C(3, 2, 3, 3)], A("group", 2)) with { Refusal = "in 2 groups" },
        Case("Conv", [X(1, 2, 5, 5), C(3, 2, 3, 3)], A("kernel_shape", new[] { 3, 2 })) with { Refusal = "declares the kernel" },
        Case("Conv", [X(1, 2, 5, 5), C(3, 2, 3, 3)], A("strides", new[] { 0, 1 })) with { Refusal = "has strides [0, 1] for 2 axes" },
        Case("Conv", [X(1, 2, 5, 5), C(3, 2, 3, 3)], A("pads", new[] { -1, 0, 0, 0 })) with { Refusal = "has pads [-1, 0, 0, 0] for 2 axes" },
        Case("Conv", [X(1, 2, 5, 5), C(3, 2, 6, 3)]) with { Refusal = "that does not fit in 5" },
        Case("Conv", [X(1, 2, 6, 5), C(3, 2, 6, 5)]),
        Case("Conv", [X(1, 2, 5, 5), C(3, 2, 3, 3)], A("strides", new[] { 65535, 1 })),
        Case("Conv", [X(1, 2, 5, 5), C(3, 2, 3, 3)], A("strides", new[] { 65536, 1 })) with { Refusal = "has strides [65536, 1]" },
        Case("Conv", [X(1, 2, 5, 5), C(3, 2, 3, 3)], A("strides", new[] { 2 })) with { Refusal = "has strides [2] for 2 axes" },
        Case("Conv", [X(1, 2, 5, 5), C(3, 2, 3, 3)], A("dilations", new[] { 0, 1 })) with { Refusal = "has dilations [0, 1] for 2 axes" },
        Case("Conv", [X(1, 2, 5, 5), C(3, 2, 3, 3)], A("pads", new[] { (1 << 24) + 1, 0, 0, 0 })) with { Refusal = "for 2 axes" },
        Case("Conv", [X(1, 2, 5, 5), C(3, 2, 3, 3)], A("pads", new[] { 1, 0 })) with { Refusal = "has pads [1, 0] for 2 axes" },
        Case("Conv", [X(1, 4, 5, 5), C(3, 2, 3, 3)], A("group", 2)) with { Refusal = "in 2 groups" },
        Case("Conv", [X(1, 4, 5, 5), C(4, 3, 3, 3)], A("group", 2)) with { Refusal = "in 2 groups" },
        Case("Conv", [X(1, 2), C(3, 2)]) with { Refusal = "convolves [1, 2]" },
        Case("Conv", [X(1, 2, 5, 5), C(3, 2, 3)]) with { Refusal = "with [3, 2, 3]" },
        Case("Conv", [X(1, 2, 5, 5), C(3, 2, 3, 3)], A("auto_pad", "")),
        Case("Conv", [X(1, 2, 5, 5), C(3, 2, 3, 3)], A("auto_pad", "SAME")) with { Refusal = "has the unknown auto_pad 'SAME'" },
        Case("Conv", [X(1, 2, 5, 5), C(3, 2, 3, 3)], A("unknown", 1)) with { Refusal = "has the attribute 'unknown', which is not supported in opset" },
    ];

    private static IEnumerable<OperatorCase> AutoPads(string type, CaseTensor[] inputs, params CaseAttribute[] others)
    {
        foreach (string mode in new[] { "SAME_UPPER", "SAME_LOWER", "VALID" })
        {
            yield return Case(type, inputs, [.. others, A("auto_pad", mode)]);
            yield return Case(type, inputs, [.. others, A("auto_pad", mode), A("strides", new[] { 2, 2 })]);
            yield return Case(type, inputs, [.. others, A("auto_pad", mode), A("strides", new[] { 3, 1 })]);
        }
    }

    // What auto_pad means, by the standard's formula, for ONNX Runtime, which does not combine it with dilations.
    private static OperatorCase WithPads(OperatorCase test)
    {
        int[] Of(string name) => (int[])(test.Attributes.FirstOrDefault(attribute => attribute.Name == name)?.Value ?? new[] { 1, 1 });
        string mode = (string)test.Attributes.Single(attribute => attribute.Name == "auto_pad").Value;
        int[] pads = new int[4];
        for (int axis = 0; axis < 2; axis++)
        {
            int size = test.Inputs[0].Shape[2 + axis];
            int kernel = ((test.Inputs[1].Shape[2 + axis] - 1) * Of("dilations")[axis]) + 1;
            int outputs = (int)Math.Ceiling(size / (double)Of("strides")[axis]);
            int total = mode == "VALID" ? 0 : Math.Max(0, ((outputs - 1) * Of("strides")[axis]) + kernel - size);
            (pads[axis], pads[2 + axis]) = mode == "SAME_LOWER" ? (total - (total / 2), total / 2) : (total / 2, total - (total / 2));
        }

        return test with { Attributes = [.. test.Attributes.Where(attribute => attribute.Name != "auto_pad"), A("pads", pads)] };
    }

    private static IEnumerable<OperatorCase> FusedConv()
    {
        CaseTensor[] inputs = [X(1, 2, 5, 5), C(3, 2, 3, 3), C(3)];
        foreach (CaseAttribute[] attributes in (CaseAttribute[][])[[], [A("activation", "Relu")], [A("activation", "Sigmoid")], [A("activation", "Tanh")],
            [A("activation", "LeakyRelu"), A("activation_params", new[] { 0.3f })],
            [A("activation", "HardSigmoid"), A("activation_params", new[] { 0.05f, 0.4f })],
            [A("activation", "Clip"), A("activation_params", new[] { -1.5f, 2f })]])
        {
            yield return Case("com.microsoft.FusedConv", inputs, [.. attributes, A("pads", new[] { 1, 0, 0, 1 })]);
        }

        yield return Case("com.microsoft.FusedConv", [.. inputs, X2(1, 3, 3, 3)], A("activation", "Relu"));
        yield return Case("com.microsoft.FusedConv", [inputs[0], inputs[1], None, X2(1, 3, 3, 3)], A("activation", "Relu"), A("strides", new[] { 1, 1 }));
        foreach (int opset in new[] { 9, 10, 11, 12 })
        {
            // Until opset 10 the bounds of Clip are attributes.
            yield return Case("com.microsoft.FusedConv", inputs, A("activation", "Clip"), A("activation_params", new[] { -1.5f, 2f })) with { Opset = opset };
        }

        yield return Case("com.microsoft.FusedConv", [X(1, 4, 5, 5), C(2, 2, 3, 3)], A("activation", "Relu"), A("group", 2), A("dilations", new[] { 2, 1 }));
        yield return Case("com.microsoft.FusedConv", inputs, A("activation", "Relu"), A("activation_params", new[] { 0.1f })) with { Refusal = "of 1 parameters" };
        yield return Case("com.microsoft.FusedConv", inputs, A("activation", "HardSigmoid"), A("activation_params", new[] { 0.1f })) with { Refusal = "of 1 parameters" };
        yield return Case("com.microsoft.FusedConv", inputs, A("activation", "LeakyRelu")) with { Refusal = "of 0 parameters" };
        yield return Case("com.microsoft.FusedConv", inputs, A("activation", "Elu"), A("activation_params", new[] { 1f })) with { Refusal = "ends with 'Elu'" };
    }

    private static IEnumerable<OperatorCase> ConvTranspose() =>
    [
        .. Each(Case("ConvTranspose", [X(1, 4, 4, 3), C(4, 3, 3, 2), C(6)], A("group", 2)), A("strides", new[] { 2, 3 }), A("dilations", new[] { 2, 1 }), A("pads", new[] { 1, 0, 2, 1 }), A("kernel_shape", new[] { 3, 2 })),
        .. Each(Case("ConvTranspose", [X(1, 2, 4, 3), C(2, 3, 3, 4)], A("strides", new[] { 2, 3 })), A("output_padding", new[] { 1, 2 }), A("pads", new[] { 1, 0, 1, 1 })),
        .. Each(Case("ConvTranspose", [X(2, 3, 5), C(3, 2, 4), C(2)]), A("strides", new[] { 3 }), A("pads", new[] { 1, 2 })),
        Case("ConvTranspose", [X(1, 2, 4, 3), C(2, 3, 3, 4)], A("strides", new[] { 2, 3 }), A("output_shape", new[] { 8, 9 })),
        Case("ConvTranspose", [X(1, 2, 4, 3), C(2, 3, 3, 4)], A("strides", new[] { 2, 2 }), A("output_shape", new[] { 8, 7 }), A("auto_pad", "SAME_UPPER")),
        Case("ConvTranspose", [X(1, 2, 4, 3), C(2, 3, 3, 4)], A("strides", new[] { 2, 2 }), A("output_shape", new[] { 8, 7 }), A("auto_pad", "SAME_LOWER")),
        .. new[] { "SAME_UPPER", "SAME_LOWER", "VALID", "NOTSET" }.SelectMany(mode => new[]
        {
            Case("ConvTranspose", [X(1, 2, 4, 3), C(2, 3, 3, 4)], A("strides", new[] { 2, 1 }), A("auto_pad", mode)),
            Case("ConvTranspose", [X(1, 2, 4, 3), C(2, 3, 4, 5)], A("strides", new[] { 1, 2 }), A("auto_pad", mode)),
        }),
        Case("ConvTranspose", [X(1, 2, 4, 3), C(2, 3, 3, 4)], A("output_padding", new[] { 1 })) with { Refusal = "for a different number of axes" },
        Case("ConvTranspose", [X(1, 2, 4, 3), C(2, 3, 3, 4)], A("output_shape", new[] { 8 })) with { Refusal = "for a different number of axes" },
        Case("ConvTranspose", [X(1, 2, 4, 3), C(2, 3, 3, 4)], A("pads", new[] { 3, 0, 3, 0 })) with { Refusal = "produces 0 elements on axis 2" },
        Case("ConvTranspose", [X(1, 3, 4, 3), C(3, 3, 3, 4)], A("group", 2)) with { Refusal = "in 2 groups" },
        Case("Conv", [X(1, 2, 5, 5), C(3, 2, 3, 3)], A("group", 0)) with { Refusal = "has 0 groups" },
        Case("ConvTranspose", [X(1, 2, 4, 4, 4), C(2, 3, 3, 3, 3)]) with { Refusal = "one or two axes are supported" },
        Case("ConvTranspose", [X(1, 2, 4, 3), X2(2, 3, 3, 4)]) with { Refusal = "needs a constant as input" },
    ];

    private static IEnumerable<OperatorCase> Pools()
    {
        foreach (string type in new[] { "MaxPool", "AveragePool" })
        {
            int newest = type == "MaxPool" ? 12 : 19;
            CaseAttribute[] counting = type == "AveragePool" ? [A("count_include_pad", 1)] : [];
            OperatorCase basis = Case(type, X(1, 3, 9, 8), A("kernel_shape", new[] { 3, 2 })) with { Opset = newest };
            foreach (OperatorCase test in Each(basis, [A("strides", new[] { 2, 3 }), A("pads", new[] { 1, 1, 2, 0 }), A("ceil_mode", 1), A("dilations", new[] { 2, 3 }), .. counting]))
            {
                yield return test;
            }

            foreach (OperatorCase test in Each(Case(type, X(1, 2, 7, 6), A("kernel_shape", new[] { 3, 3 }), A("strides", new[] { 3, 2 })) with { Opset = newest }, [A("pads", new[] { 0, 1, 1, 1 }), A("ceil_mode", 1), .. counting]))
            {
                yield return test;
            }

            // Older operator sets, one axis, three axes.
            yield return Case(type, X(1, 2, 7, 6), A("kernel_shape", new[] { 3, 3 }), A("strides", new[] { 2, 2 })) with { Opset = 7 };
            yield return Case(type, X(1, 2, 7, 6), A("kernel_shape", new[] { 3, 3 }), A("strides", new[] { 2, 2 }), A("ceil_mode", 1)) with { Opset = 10 };
            yield return Case(type, X(2, 2, 9), A("kernel_shape", new[] { 4 }), A("strides", new[] { 3 }), A("ceil_mode", 1)) with { Opset = newest };
            yield return Case(type, X(2, 2, 9), A("kernel_shape", new[] { 4 }), A("pads", new[] { 2, 1 })) with { Opset = newest };
            foreach (OperatorCase test in Each(Case(type, X(1, 2, 5, 6, 7), A("kernel_shape", new[] { 2, 3, 2 })) with { Opset = 11 }, [A("strides", new[] { 2, 1, 3 }), A("pads", new[] { 1, 0, 1, 0, 1, 0 }), .. counting]))
            {
                yield return test;
            }

            foreach (OperatorCase test in AutoPads(type, [X(1, 2, 7, 6)], A("kernel_shape", new[] { 2, 4 })))
            {
                yield return test;
            }

            yield return Case(type, X(1, 2, 3, 3, 3, 3), A("kernel_shape", new[] { 2, 2, 2, 2 })) with { Refusal = "pools over 4 axes; at most three are supported" };
            string global = type == "MaxPool" ? "GlobalMaxPool" : "GlobalAveragePool";
            yield return Case(global, X(2, 3, 4, 5));
            yield return Case(global, X(2, 3, 7));
            yield return Case(global, X(2, 3, 2, 3, 4));
        }

        foreach (string type in new[] { "MaxPool", "AveragePool" })
        {
            yield return Case(type, X(1, 2, 4, 4), A("kernel_shape", new[] { 2 })) with { Refusal = "has kernel_shape [2] for 2 axes" };
            yield return Case(type, X(1, 2, 4, 4), A("kernel_shape", new[] { 5, 2 })) with { Refusal = "that does not fit in 4" };
            yield return Case(type, X(1, 2, 4, 4), A("kernel_shape", new[] { 4, 4 }));
            yield return Case(type, X(1, 2, 4, 4), A("kernel_shape", new[] { 2, 2 }), A("auto_pad", "SAME")) with { Refusal = "has the unknown auto_pad 'SAME'" };
            foreach (OperatorCase test in AutoPads(type, [X(1, 2, 5, 6, 7)], A("kernel_shape", new[] { 2, 3, 2 })).Where(test => test.Attributes.All(one => one.Name != "strides")))
            {
                yield return test with { Opset = 11, Note = "three axes" };
            }
        }

        yield return Case("MaxPool", X(1, 2, 4, 4), A("kernel_shape", new[] { 2, 2 })) with { Outputs = ["y", "i"], Refusal = "also returns the indices" };
        yield return Case("MaxPool", X(1, 2, 4, 4), A("kernel_shape", new[] { 2, 2 }), A("storage_order", 1));
        yield return Case("MaxPool", In([-1, -2, -3, -4], 1, 1, 2, 2), A("kernel_shape", new[] { 2, 2 }), A("pads", new[] { 1, 1, 1, 1 })) with { Note = "of negative values" };
    }

    private static IEnumerable<OperatorCase> Resize()
    {
        string[] coordinates = ["half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric"];
        string[] rounding = ["round_prefer_floor", "round_prefer_ceil", "floor", "ceil"];
        double[][] scales = [[1, 1, 2, 2], [1, 1, 0.5, 0.6], [1, 1, 1.5, 2.5], [1, 1, 0.3, 1]];
        foreach (double[] scale in scales)
        {
            CaseTensor[] inputs = [X(1, 2, 4, 5), None, Const(scale)];
            yield return Case("Resize", inputs);
            yield return Case("Resize", inputs, A("mode", "linear"));
            foreach (string place in coordinates.Where(place => place != "align_corners" || scale[2] != 1.5))
            {
                yield return Case("Resize", inputs, A("mode", "linear"), A("coordinate_transformation_mode", place)) with { Note = $"by {string.Join(",", scale)}" };
                foreach (string round in rounding)
                {
                    yield return Case("Resize", inputs, A("mode", "nearest"), A("coordinate_transformation_mode", place), A("nearest_mode", round)) with { Note = $"by {string.Join(",", scale)}" };
                }

                yield return Case("Resize", inputs, A("coordinate_transformation_mode", place)) with { Note = $"by {string.Join(",", scale)}" };
            }

            foreach (string round in rounding)
            {
                yield return Case("Resize", inputs, A("nearest_mode", round)) with { Note = $"by {string.Join(",", scale)}" };
            }

            yield return Case("Resize", inputs, A("coordinate_transformation_mode", "half_pixel_symmetric"), A("mode", "linear")) with { Opset = 19, Note = $"by {string.Join(",", scale)}" };
            yield return Case("Resize", inputs, A("coordinate_transformation_mode", "tf_half_pixel_for_nn")) with { Opset = 11, Note = $"by {string.Join(",", scale)}", Inputs = [X(1, 2, 4, 5), Const([], 0), Const(scale)] };
            yield return Case("Resize", [X(1, 2, 4, 5), Const(scale)]) with { Opset = 10, Note = $"by {string.Join(",", scale)}" };
            yield return Case("Resize", [X(1, 2, 4, 5), Const(scale)], A("mode", "linear")) with { Opset = 10, Note = $"by {string.Join(",", scale)}" };
        }

        foreach (double[] sizes in (double[][])[[1, 2, 7, 3], [1, 2, 8, 10], [1, 2, 2, 2], [1, 2, 1, 9]])
        {
            foreach (string place in coordinates)
            {
                yield return Case("Resize", [X(1, 2, 4, 5), None, None, Ints(sizes)], A("mode", "linear"), A("coordinate_transformation_mode", place)) with { Note = $"to {string.Join(",", sizes)}" };
                yield return Case("Resize", [X(1, 2, 4, 5), None, None, Ints(sizes)], A("coordinate_transformation_mode", place)) with { Note = $"to {string.Join(",", sizes)}" };
            }
        }

        yield return Case("Resize", [X(1, 2, 4, 5), None, None, Ints(7, 3)], A("axes", new[] { 2, 3 }), A("mode", "linear")) with { Opset = 18 };
        yield return Case("Resize", [X(1, 2, 4, 5), None, None, Ints(3, 7)], A("axes", new[] { -1, 2 }), A("mode", "linear")) with { Opset = 18 };
        yield return Case("Resize", [X(1, 2, 4, 5), None, Const([2, 0.6])], A("axes", new[] { 2, 3 }), A("mode", "linear")) with { Opset = 18 };
        foreach (string policy in new[] { "stretch", "not_larger", "not_smaller" })
        {
            yield return Case("Resize", [X(1, 2, 4, 5), None, None, Ints(7, 6)], A("axes", new[] { 2, 3 }), A("keep_aspect_ratio_policy", policy)) with { Opset = 18 };
            yield return Case("Resize", [X(1, 2, 4, 5), None, None, Ints(7, 6)], A("axes", new[] { 2, 3 }), A("keep_aspect_ratio_policy", policy), A("mode", "linear")) with { Opset = 18 };
        }

        yield return Case("Resize", [X(1, 2, 4, 5), None, Const([1, 1, 2, 2])], A("mode", "cubic")) with { Refusal = "has the interpolation mode 'cubic'" };
        yield return Case("Resize", [X(1, 2, 4, 5), None, Const([1, 1, 0.5, 0.5])], A("mode", "linear"), A("antialias", 1)) with { Opset = 18, Refusal = "has antialias set" };
        yield return Case("Resize", [X(1, 2, 4, 5), None, Const([1, 1, 2, 2])], A("mode", "linear"), A("antialias", 1)) with { Opset = 18 };
        yield return Case("Resize", [X(1, 2, 4, 5), None, Const([1, 1, 2])]) with { Refusal = "for 4 axes" };
        yield return Case("Resize", [X(1, 2, 4, 5)]) with { Refusal = "is missing both scales and sizes" };
        // The standard divides by the length before it becomes whole, 5 · 2.5 − 1; ONNX Runtime by 12 − 1.
        yield return Case("Resize", [In([0, 1, 2, 3, 4], 1, 1, 1, 5), None, Const([1, 1, 1, 2.5])], A("mode", "linear"), A("coordinate_transformation_mode", "align_corners")) with { Expected = [.. Enumerable.Range(0, 12).Select(i => i * 4 / 11.5)] };
        yield return Case("Resize", [X(4, 5), None, Const([2, 1.5])]) with { Note = "no image" };
        yield return Case("Resize", [X(1, 2, 4, 5), None, Const([1, 1, 0.2, 1])]) with { Refusal = "resizes 4 elements to 0 on axis 2" };
        yield return Case("Resize", [X(1, 2, 4, 5), None, Const([1, 1, 0.25, 1])]);
        yield return Case("Resize", [X(1, 2, 4, 5), None, Const([1, 1, 0, 1])]) with { Refusal = "has [1, 1, 0, 1] for 4 axes" };
        yield return Case("Resize", [X(1, 2, 4, 5), None, Const([1, 1, -2, 1])]) with { Refusal = "has [1, 1, -2, 1] for 4 axes" };
        yield return Case("Resize", [X(1, 2, 4, 5), None, None, Ints(1, 2, 0, 5)]) with { Refusal = "has [1, 2, 0, 5] for 4 axes" };
        yield return Case("Resize", [X(1, 2, 4, 5), None, Const([1, 1, 2, 2])], A("nearest_mode", "up")) with { Refusal = "has the unknown nearest_mode 'up'" };
        yield return Case("Resize", [X(1, 2, 4, 5), None, Const([1, 1, 2, 2])], A("coordinate_transformation_mode", "tf_crop_and_resize")) with { Refusal = "has the coordinate mode 'tf_crop_and_resize'" };
        yield return Case("Resize", [X(1, 2, 4, 5), None, None, Ints(7)], A("axes", new[] { 2, 3 })) with { Opset = 18, Refusal = "for 2 axes" };
        yield return Case("Resize", [X(1, 2, 4, 5), None, Const([1, 1, 2, 2])], A("cubic_coeff_a", -0.5), A("exclude_outside", 0), A("extrapolation_value", 1.0));
        yield return Case("Resize", [X(2, 3, 4), None, Const([1, 1, 2])]) with { Note = "one axis" };
        yield return Case("Resize", [X(2, 3, 4), None, Const([1, 1, 2])], A("mode", "linear")) with { Note = "one axis" };
        yield return Case("Resize", [X(2, 3, 4, 5), None, Const([1, 2, 2, 1])], A("mode", "nearest")) with { Note = "channels" };
    }

    private static IEnumerable<OperatorCase> Upsample() =>
    [
        .. new[] { 7, 9 }.SelectMany(opset => new[] { "nearest", "linear", "" }.Select(mode => Case("Upsample", opset < 9 ? [X(1, 2, 3, 4)] : [X(1, 2, 3, 4), Const([1, 1, 2, 1.5])],
            [.. mode.Length > 0 ? new[] { A("mode", mode) } : [], .. opset < 9 ? new[] { A("scales", new[] { 1f, 1f, 2f, 1.5f }) } : []]) with { Opset = opset })),
    ];
}
