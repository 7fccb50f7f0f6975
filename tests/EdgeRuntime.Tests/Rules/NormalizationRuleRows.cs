using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Rules;

/// <summary>LayerNormalization, LRN and LogSoftmax.</summary>
internal sealed class NormalizationRuleRows : RuleRows
{
    protected override void Add()
    {
        AddLayers();
        AddResponses();
        Prefix = "LogSoftmax: ";
        Good("one dimension", One(Opcode.LogSoftmax, F32, [2], [2], []), [0, 0], [-0.6931471805599453, -0.6931471805599453], 1e-6);
        OutputLikeInput(Opcode.LogSoftmax, F32, []);
        Bad("a scalar", "needs an input of one dimension or more", One(Opcode.LogSoftmax, F32, [], [], []));
        Bad("int8", "takes float32", One(Opcode.LogSoftmax, I8, [2], [2], [], outputType: F32));
        Bad("another output type", "output 0 has the wrong type", One(Opcode.LogSoftmax, F32, [2], [2], [], outputType: I32));
    }

    private void AddLayers()
    {
        Prefix = "LayerNormalization: ";
        int[] parameters = [1, 1, 0];
        Good("centred", Layer([2, 2], parameters), [1, 3, 10, 6], [-1, 1, 1, -1], 1e-6);
        Good("not centred", Layer([1, 2], [1, 0, 0]), [1, 7], [0.2, 1.4], 1e-6);
        Good("an ε", Layer([1, 2], [1, 1, Bits(3f)]), [1, 3], [-0.5, 0.5], 1e-6);
        Good("a scale and a bias", Layer([2, 2], parameters, model => [model.Floats([2], 2, 3), model.Floats([2], 10, 20)]), [1, 3, 10, 6], [8, 23, 12, 17], 1e-5);
        Good("a bias without a scale", Layer([1, 2], parameters, model => [-1, model.Floats([2], 10, 20)]), [1, 3], [9, 21], 1e-5);
        Good("both axes together", Layer([2, 2], [2, 1, 0], model => [model.Floats([4], 1, 2, 3, 4)]), [1, 1, 3, 3], [-1, -2, 3, 4], 1e-5);
        Within("axes", 0, 1, 2, parameters, changed => Layer([2, 2], changed));
        Within("center", 1, 0, 1, parameters, changed => Layer([2, 2], changed));
        Finite("epsilon(f)", 2, parameters, changed => Layer([2, 2], changed));
        OutputLikeInput(Opcode.LayerNormalization, F32, parameters);
        Bad("int8", "takes float32", One(Opcode.LayerNormalization, I8, [2, 2], [2, 2], parameters, outputType: F32));
        Bad("a scale too few", "input 1 has 1 elements, expected 2", Layer([2, 2], parameters, model => [model.Floats([1], 1)]));
        Bad("a scale too many", "input 1 has 3 elements, expected 2", Layer([2, 2], parameters, model => [model.Floats([3], 1, 1, 1)]));
        Bad("a bias too few", "input 2 has 1 elements, expected 2", Layer([2, 2], parameters, model => [-1, model.Floats([1], 1)]));
        Bad("a bias too many", "input 2 has 3 elements, expected 2", Layer([2, 2], parameters, model => [-1, model.Floats([3], 1, 1, 1)]));
        Bad("a scale for one of two axes", "input 1 has 2 elements, expected 4", Layer([2, 2], [2, 1, 0], model => [model.Floats([2], 1, 1)]));
        Bad("a scale of int32", "input 1 is not a constant of the type that it needs", Layer([2, 2], parameters, model => [model.Ints([2], 1, 1)]));
    }

    private void AddResponses()
    {
        Prefix = "LRN: ";
        int[] parameters = [1, 0, Bits(1f), Bits(2f)];
        Good("one channel", Response(parameters), [2, 4, 6, 8, 10, 12], [1, 2, 3, 4, 5, 6], 1e-5);
        Good("three channels", Response([3, Bits(3f), Bits(1f), Bits(1f)]), [1, 2, 3, 0, 0, 1], [1 / 6.0, 2 / 15.0, 3 / 14.0, 0, 0, 0.5], 1e-5);
        Within("size", 0, 1, 1 << 24, parameters, Response);
        Finite("alpha(f)", 1, parameters, Response);
        Finite("beta(f)", 2, parameters, Response);
        Finite("bias(f)", 3, parameters, Response);
        OutputLikeInput(Opcode.LRN, F32, parameters);
        Bad("int8", "takes float32", One(Opcode.LRN, I8, [2, 2], [2, 2], parameters, outputType: F32));
    }

    private static RawModel Layer(int[] shape, int[] parameters, Func<RawModel, int[]>? more = null) => One(Opcode.LayerNormalization, F32, shape, shape, parameters, more);

    private static RawModel Response(int[] parameters) => One(Opcode.LRN, F32, [2, 3], [2, 3], parameters);
}
