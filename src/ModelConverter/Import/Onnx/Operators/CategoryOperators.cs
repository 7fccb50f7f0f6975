using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import.Onnx.Operators;

/// <summary>ai.onnx.ml: categories, as numbers or as the codes of texts.</summary>
internal static class CategoryOperators
{
    internal static readonly OnnxOperatorRow[] Rows =
    [
        new("OneHotEncoder", OneHotEncoder, OnnxDomains.MachineLearning),
        new("CategoryMapper", CategoryMapper, OnnxDomains.MachineLearning),
    ];

    // 1 where an element is the category, in a new last axis.
    private static void OneHotEncoder(OnnxNodeContext call)
    {
        Value x = call.Input(0);
        bool isText = call.Scope.Texts.Has(x);
        IReadOnlyList<string> texts = call.Texts("cats_strings") ?? [];
        float[] numbers = Array.ConvertAll(call.Ints("cats_int64s") ?? [], value => (float)value);
        if (texts.Count + numbers.Length == 0)
        {
            throw call.Fault("is missing its categories");
        }

        if (isText != texts.Count > 0)
        {
            throw call.Fault(isText ? "has numbers as categories but its input is text" : "has text categories but its input is not text");
        }

        if (!isText && call.InputType().IsFloat())
        {
            x = call.Builder.Unary(UnaryKind.Truncate, x);
        }

        Value same = Categories.OneHot(call.Builder, x, place => isText ? Array.ConvertAll(call.Scope.Texts.Codes(x, place, texts), code => (float)code) : numbers);

        // Where ONNX Runtime fails on a category that it does not know, 0 / 0 is not a number, and no classifier decides.
        call.Output(call.Flag("zeros", otherwise: true) ? same : call.Builder.Arithmetic(Opcode.Div, same, call.Builder.Reduce(ReduceKind.Sum, same, [same.Shape.Length - 1])), OnnxElementType.Float32);
    }

    private static void CategoryMapper(OnnxNodeContext call)
    {
        Value x = call.Input(0);
        IReadOnlyList<string> texts = call.Texts("cats_strings") ?? [];
        float[] numbers = Array.ConvertAll(call.Ints("cats_int64s") ?? [], value => (float)value);
        float otherwise = call.Int("default_int64", -1);
        call.Ignore("default_string");
        if (!call.Scope.Texts.Has(x))
        {
            throw call.Fault("maps numbers to text, which is not supported; expected a text input");
        }

        call.Output(Categories.Map(call.Builder, call.Scope.Texts, x, texts, numbers, otherwise), OnnxElementType.Int64);
    }
}
