using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import.Onnx.Operators;

/// <summary>ai.onnx.ml: preparation of features, and of what classifiers give.</summary>
internal static class FeatureOperators
{
    internal static readonly OnnxOperatorRow[] Rows =
    [
        new("Scaler", Scaler, OnnxDomains.MachineLearning),
        new("Normalizer", Normalizer, OnnxDomains.MachineLearning),
        new("Imputer", Imputer, OnnxDomains.MachineLearning),
        new("Binarizer", Binarizer, OnnxDomains.MachineLearning),
        new("ArrayFeatureExtractor", ArrayFeatureExtractor, OnnxDomains.MachineLearning),
        new("FeatureVectorizer", FeatureVectorizer, OnnxDomains.MachineLearning),
        new("LabelEncoder", LabelEncoder, OnnxDomains.MachineLearning),
        new("ZipMap", ZipMap, OnnxDomains.MachineLearning),
    ];

    private static void Scaler(OnnxNodeContext call)
    {
        Value x = call.Input(0);
        float[] offsets = call.Floats("offset") ?? [0f];
        float[] scales = call.Floats("scale") ?? [1f];
        Value centred = call.Builder.Arithmetic(Opcode.Sub, x, Row(call, offsets, "offset"));
        call.Output(call.Builder.Arithmetic(Opcode.Mul, centred, Row(call, scales, "scale")), OnnxElementType.Float32);
    }

    private static Value Row(OnnxNodeContext call, float[] values, string name) => Value.Constant($"{call.Builder.Name}.{name}", values, values.Length);

    private static void Normalizer(OnnxNodeContext call)
    {
        Value x = call.Input(0);
        int[] last = [x.Shape.Length - 1];
        string norm = call.Text("norm", "MAX");
        Value size = norm switch
        {
            "MAX" => call.Builder.Reduce(ReduceKind.Max, call.Builder.Unary(UnaryKind.Abs, x), last),
            "L1" => call.Builder.Reduce(ReduceKind.L1, x, last),
            "L2" => call.Builder.Reduce(ReduceKind.L2, x, last),
            _ => throw call.Fault($"has the unknown norm '{norm}'"),
        };
        call.Output(NormalizationOperators.NormOrZero(call, x, size), OnnxElementType.Float32);
    }

    private static void Imputer(OnnxNodeContext call)
    {
        Value x = call.Input(0);
        float[] values = call.Floats("imputed_value_floats") ?? Array.ConvertAll(call.Ints("imputed_value_int64s") ?? [], value => (float)value);
        float replaced = call.HasAttribute("replaced_value_int64") && !call.HasAttribute("imputed_value_floats") ? call.Int("replaced_value_int64") : call.Float("replaced_value_float", 0f);
        call.Ignore("replaced_value_int64", "replaced_value_float");
        if (values.Length == 0)
        {
            throw call.Fault("is missing the replacement values");
        }

        Value missing = float.IsNaN(replaced)
            ? call.Builder.Unary(UnaryKind.IsNaN, x)
            : call.Builder.Binary(BinaryKind.Equal, x, call.Builder.Scalar(replaced));
        call.Output(call.Builder.Where(missing, Row(call, values, "imputed"), x));
    }

    private static void Binarizer(OnnxNodeContext call) =>
        call.Output(call.Builder.Binary(BinaryKind.Less, call.Builder.Scalar(call.Float("threshold", 0f)), call.Input(0)));

    private static void ArrayFeatureExtractor(OnnxNodeContext call)
    {
        OnnxOperand operand = call.Operand(0);
        Value x = operand.Value;
        Value indices = call.Builder.Reshape(call.Input(1), call.Input(1).Elements);
        if (operand.Texts is { } texts)
        {
            // Names by index: the index is what the engine gives, and the names are the model's labels.
            call.Scope.Labels = texts;
            call.Output(0, indices, OnnxElementType.Int64);
            return;
        }

        Value y = call.Builder.Gather(x, indices, x.Shape.Length - 1);
        call.Output(y.Shape.Length == 1 ? call.Builder.Reshape(y, 1, y.Shape[0]) : y);
    }

    private static void FeatureVectorizer(OnnxNodeContext call)
    {
        call.Ignore("inputdimensions");
        Value[] parts = [.. Enumerable.Range(0, call.InputCount).Select(call.Input).Select(part => part.Shape.Length > 2 ? call.Builder.Reshape(part, part.Shape[0], part.Elements / part.Shape[0]) : part)];
        call.Output(call.Builder.Concat(parts[0].Shape.Length - 1, parts), OnnxElementType.Float32);
    }

    // A sum over the keys of (x = key) · (value − default), plus the default: a Dense behind a comparison.
    private static void LabelEncoder(OnnxNodeContext call)
    {
        call.Ignore("default_string");
        if (call.Scope.Texts.Has(call.Input(0)))
        {
            TextEncoder(call);
            return;
        }

        float[] keys = Numbers(call, "keys") ?? throw call.Fault("maps text, but its input is not text");
        float[]? values = Numbers(call, "values");
        if (values is null)
        {
            IReadOnlyList<string> texts = call.Texts("values_strings") ?? [];
            string[] labels = Ordered(keys, texts, call.Scope.Labels);
            call.Scope.Labels = labels;
            values = [.. texts.Select(text => (float)Array.IndexOf(labels, text))];
        }

        if (values.Length != keys.Length || keys.Length == 0)
        {
            throw call.Fault($"has {keys.Length} keys but {values.Length} values");
        }

        // The first value of a key counts.
        int[] first = [.. Enumerable.Range(0, keys.Length).DistinctBy(i => keys[i])];
        (keys, values) = (Array.ConvertAll(first, i => keys[i]), Array.ConvertAll(first, i => values[i]));
        float otherwise = Default(call);
        Value x = call.Input(0);
        Value column = call.Builder.Reshape(x, [.. x.Shape, 1]);
        Value same = call.Builder.Binary(BinaryKind.Equal, column, Row(call, keys, "keys"));
        Value weights = Value.Constant(call.Builder.Name + ".values", Array.ConvertAll(values, value => value - otherwise), 1, keys.Length);
        Value mapped = call.Builder.Dense(same, weights, Row(call, [otherwise], "default"));
        call.Output(call.Builder.Reshape(mapped, x.Shape), call.HasAttribute("values_floats") ? OnnxElementType.Float32 : OnnxElementType.Int64);
    }

    private static void TextEncoder(OnnxNodeContext call)
    {
        IReadOnlyList<string> keys = call.Texts("keys_strings") ?? (call.Tensor("keys_tensor") is { Type: OnnxElementType.Text } tensor ? tensor.Texts : throw call.Fault("maps numbers, but its input is text"));
        float[] values = Numbers(call, "values") ?? throw call.Fault("maps text to text, which is not supported; expected numbers as values");
        call.Output(Categories.Map(call.Builder, call.Scope.Texts, call.Input(0), keys, values, Default(call)), call.HasAttribute("values_floats") ? OnnxElementType.Float32 : OnnxElementType.Int64);
    }

    // What a key that is not in the list becomes.
    private static float Default(OnnxNodeContext call)
    {
        float otherwise = call.Tensor("default_tensor") is { Type: not OnnxElementType.Text } tensor
            ? call.Scope.Constant(tensor, "default").Value.Floats[0]
            : call.HasAttribute("values_floats") ? call.Float("default_float", -0f) : call.Int("default_int64", -1);
        call.Ignore("default_float", "default_int64");
        return otherwise;
    }

    // The text of class 0 first: classes that have numbers as their names so far keep their order, else keys are class numbers.
    private static string[] Ordered(float[] keys, IReadOnlyList<string> texts, IReadOnlyList<string> classes)
    {
        int count = Math.Min(keys.Length, texts.Count);
        var byKey = new SortedDictionary<float, string>();
        for (int i = 0; i < count; i++)
        {
            byKey.TryAdd(keys[i], texts[i]);
        }

        bool areKeys = classes.Count > 0 && classes.All(name => float.TryParse(name, System.Globalization.NumberStyles.Integer, System.Globalization.CultureInfo.InvariantCulture, out float key) && byKey.ContainsKey(key));
        return areKeys
            ? [.. classes.Select(name => byKey[float.Parse(name, System.Globalization.CultureInfo.InvariantCulture)])]
            : [.. byKey.Values, .. texts.Skip(count)];
    }

    private static float[]? Numbers(OnnxNodeContext call, string prefix) =>
        call.Floats(prefix + "_floats")
        ?? (call.Ints(prefix + "_int64s") is { } ints ? Array.ConvertAll(ints, value => (float)value) : null)
        ?? (call.Tensor(prefix + "_tensor") is { Type: not OnnxElementType.Text } tensor ? call.Scope.Constant(tensor, prefix).Value.Floats : null);

    // Names for the columns: the engine gives the columns, the names are the model's labels.
    private static void ZipMap(OnnxNodeContext call)
    {
        ClassLabels.Read(call);
        call.Output(0, call.Operand(0));
    }
}
