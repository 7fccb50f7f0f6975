using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Rules;

/// <summary>The operators section, before the rule of each operator is asked.</summary>
internal sealed class OperatorRows : RuleRows
{
    private static readonly int[] none = new int[8];

    protected override void Add()
    {
        AddRecords();
        AddNumbers();
        AddTensors();
        AddParameters();
    }

    private void AddRecords()
    {
        const string Within = "the section ends within an operator";
        Good("no operator", Edited(_ => [], input: true));
        Bad("a header without its last byte", "operators", Within, Edited(bytes => [.. bytes, 2, 1, 1]), model => model.OperatorStart(1));
        Bad("one byte after the last operator", "operators", Within, Edited(bytes => [.. bytes, 2]), model => model.OperatorStart(1));
        Bad("a header alone", "operators", Within, Edited(_ => [11, 1, 1, 0]), model => model.OperatorStart(0));
        foreach (byte[] rest in new byte[][] { [2], [2, 1, 1], [2, 1, 1, 3, 0, 0, 1, 0], [2, 1, 1, 3, 0, 0, 1, 0, 3, 5, 0, 0] })
        {
            Bad($"{rest.Length} bytes of an operator at the end of the file", "operators", Within, Last(rest), model => model.OperatorStart(0));
        }

        Bad("tensors without their last byte", "operators", Within, Edited(_ => [11, 1, 1, 0, 0, 0, 1]), model => model.OperatorStart(0));
        Bad("no codes", "operators", Within, Edited(_ => [2, 1, 1, 3, 0, 0, 1, 0]), model => model.OperatorStart(0));
        Bad("codes without their second byte", "operators", Within, Edited(_ => [5, 1, 1, 5, 0, 0, 1, 0, 0]), model => model.OperatorStart(0));
        Bad("four bytes of a parameter without the last", "operators", Within, Edited(_ => [2, 1, 1, 3, 0, 0, 1, 0, 3, 5, 0, 0]), model => model.OperatorStart(0));
        Bad("two bytes of a parameter without the last", "operators", Within, Edited(_ => [2, 1, 1, 3, 0, 0, 1, 0, 2, 5]), model => model.OperatorStart(0));
        Bad("no byte of a parameter", "operators", Within, Edited(_ => [2, 1, 1, 3, 0, 0, 1, 0, 1]), model => model.OperatorStart(0));
        Good("four bytes of a parameter", Edited(_ => [2, 1, 1, 3, 0, 0, 1, 0, 3, 5, 0, 0, 0]), [-1, 2], [0, 2]);
        Good("two bytes of a parameter", Edited(_ => [2, 1, 1, 3, 0, 0, 1, 0, 2, 5, 0]), [-1, 2], [0, 2]);
        Good("a byte of a parameter", Edited(_ => [2, 1, 1, 3, 0, 0, 1, 0, 1, 5]), [-1, 2], [0, 2]);
    }

    private void AddNumbers()
    {
        foreach (int opcode in new[] { 0, OperatorTable.Count + 1, 255 })
        {
            Bad($"operator {opcode}", "operators", $"this engine has no operator number {opcode}; update the runtime or export the model for this version", Edited(_ => [(byte)opcode, 1, 1, 0, 0, 0, 1, 0]), model => model.OperatorStart(0));
        }

        // Fewest and most inputs, outputs and parameters as docs/operators.md lists them.
        foreach ((Opcode opcode, int fewest, int most, int outputs, int parameters) in new[]
        {
            (Opcode.Activation, 1, 2, 1, 3), (Opcode.Add, 2, 2, 1, 8), (Opcode.Where, 3, 3, 1, 0), (Opcode.Dense, 2, 6, 1, 6), (Opcode.Conv, 2, 6, 1, 13), (Opcode.RNN, 3, 5, 2, 12),
            (Opcode.GRU, 3, 5, 2, 12), (Opcode.LSTM, 3, 7, 3, 12), (Opcode.QuantizedLSTM, 11, 11, 3, 10), (Opcode.QuantizedRecurrent, 11, 12, 3, 4), (Opcode.TreeEnsemble, 6, 9, 1, 3), (Opcode.FeatureTransform, 3, 5, 1, 0), (Opcode.Softmax, 1, 3, 1, 4), (Opcode.Quantize, 1, 3, 1, 0), (Opcode.LayerNormalization, 1, 3, 1, 3),
            (Opcode.Table, 2, 2, 1, 0), (Opcode.Gather, 2, 2, 1, 1), (Opcode.MaxPool, 1, 1, 1, 13), (Opcode.LogSoftmax, 1, 1, 1, 0), (Opcode.CumSum, 1, 1, 1, 3), (Opcode.Concat, 1, 255, 1, 1),
            (Opcode.Sub, 2, 2, 1, 8), (Opcode.Mul, 2, 2, 1, 8), (Opcode.Div, 2, 2, 1, 8), (Opcode.Binary, 2, 2, 1, 1), (Opcode.Unary, 1, 1, 1, 3), (Opcode.Reshape, 1, 1, 1, 0),
            (Opcode.Transpose, 1, 1, 1, 6), (Opcode.Slice, 1, 1, 1, 12), (Opcode.Expand, 1, 1, 1, 0), (Opcode.Pad, 1, 1, 1, 8), (Opcode.Reduce, 1, 1, 1, 4), (Opcode.ArgReduce, 1, 1, 1, 3),
            (Opcode.MatMul, 2, 2, 1, 0), (Opcode.ConvTranspose, 2, 6, 1, 13), (Opcode.AveragePool, 1, 1, 1, 13), (Opcode.LRN, 1, 1, 1, 4), (Opcode.PairwiseCoupling, 1, 1, 1, 0), (Opcode.Dequantize, 1, 1, 1, 0),
        })
        {
            Refuse($"{opcode} of one input less", fewest - 1, outputs, parameters);
            Refuse($"{opcode} of one output less", fewest, outputs - 1, parameters);
            Refuse($"{opcode} of one output more", fewest, outputs + 1, parameters);
            Refuse($"{opcode} of one parameter more", fewest, outputs, parameters + 1);
            if (most < 255)
            {
                Refuse($"{opcode} of one input more", most + 1, outputs, parameters);
            }

            if (parameters > 0)
            {
                Refuse($"{opcode} of one parameter less", fewest, outputs, parameters - 1);
            }

            void Refuse(string name, int inputs, int outputCount, int parameterCount)
            {
                RawModel model = One(Opcode.Activation, F32, [2], [2], [0, 0, 0]);
                model.Operators.Clear();
                model.Op(opcode, new int[inputs], [.. Enumerable.Repeat(1, outputCount)], new int[parameterCount]);
                Bad(name, "operators", $"{opcode} has the wrong number of inputs, outputs or parameters", model, laid => laid.OperatorStart(0));
            }
        }

        Good("255 inputs", Inputs(255), Count(255), [.. Enumerable.Range(1, 255).Select(i => (double)i)]);

        static RawModel Inputs(int count)
        {
            var model = new RawModel();
            int[] inputs = [.. Enumerable.Range(0, count).Select(_ => model.Arena(F32, [1]))];
            int y = model.Arena(F32, [count]);
            foreach (int input in inputs)
            {
                model.Input(input);
            }

            model.Output(y);
            model.Op(Opcode.Concat, inputs, [y], 0);
            return model;
        }
    }

    private void AddTensors()
    {
        Good("the last tensor", Two([0, 2], 1), [1, 2], [11, 22]);
        Bad("a tensor past the last as an input", "operators", "tensor 3 does not exist", Two([0, 3], 1), model => model.OperatorStart(0) + 6);
        Bad("a tensor past the last as an output", "operators", "tensor 3 does not exist", Two([0, 2], 3), model => model.OperatorStart(0) + 8);
        Bad("an absent first input", "operators", "tensor 65535 does not exist", Two([-1, 2], 1), model => model.OperatorStart(0) + 4);
        Bad("an absent output", "operators", "tensor 65535 does not exist", Two([0, 2], -1), model => model.OperatorStart(0) + 8);
        Bad("an output that is a constant", "operators", "Add writes to a constant", Two([0, 2], 2), model => model.OperatorStart(0) + 8);
        Bad("an input that nothing writes", "operators", "Add reads tensor 1 before it is written", Two([0, 1], 1), model => model.OperatorStart(0) + 6);
        RawModel late = Two([0, 2], 1);
        int hidden = late.Arena(F32, [2]);
        late.Operators.Clear();
        late.Op(Opcode.Add, [hidden, 2], [1], none);
        late.Op(Opcode.Add, [0, 2], [hidden], none);
        Bad("an input that is written later", "operators", "Add reads tensor 3 before it is written", late, model => model.OperatorStart(0) + 4);
        RawModel state = Two([0, 2], 1);
        int kept = state.Arena(F32, [2], storage: 2);
        state.Operators.Clear();
        state.Op(Opcode.Add, [0, kept], [1], none);
        Good("a state that nothing wrote yet", state, [1, 2], [1, 2]);

        static RawModel Two(int[] inputs, int output)
        {
            var model = new RawModel();
            int x = model.Arena(F32, [2]);
            int y = model.Arena(F32, [2]);
            model.Floats([2], 10, 20);
            model.Input(x);
            model.Output(y);
            model.Op(Opcode.Add, inputs, [output], none);
            return model;
        }
    }

    private void AddParameters()
    {
        const string Size = "Activation has a number that is not four bytes long";
        Bad("α in one byte", "operators", Size, Coded(parameter => parameter == 1 ? 1 : 0), model => model.OperatorStart(0) + 8);
        Bad("α in two bytes", "operators", Size, Coded(parameter => parameter == 1 ? 2 : 0), model => model.OperatorStart(0) + 8);
        Bad("β in two bytes", "operators", Size, Coded(parameter => parameter == 2 ? 2 : 0), model => model.OperatorStart(0) + 8);
        Good("zeros in four bytes", Coded(_ => 3), [-1, 2], [-1, 2]);

        // Steps are numbers of either sign: -1 in one byte, -200 in two and in four.
        foreach (int code in new[] { 1, 2, 3 })
        {
            Good($"-1 with code {code}", Sliced(3, 1, -1, code), [1, 2, 3], [3, 2, 1]);
        }

        Good("-128 in one byte", Sliced(129, 2, -128, 1, 2), Count(129), [129, 1]);
        Good("-300 in two bytes", Sliced(301, 2, -300, 2, 2), Count(301), [301, 1]);

        static RawModel Coded(Func<int, int> code)
        {
            var model = new RawModel { Code = code };
            int x = model.Arena(F32, [2]);
            int y = model.Arena(F32, [2]);
            model.Input(x);
            model.Output(y);
            model.Op(Opcode.Activation, [x], [y], 0, 0, 0);
            return model;
        }

        // From the last element on.
        static RawModel Sliced(int size, int startCode, int step, int code, int? output = null)
        {
            var model = new RawModel { Code = parameter => parameter == 0 ? size > 129 ? 2 : size > 3 ? 2 : startCode : parameter == 6 ? code : 0 };
            int x = model.Arena(F32, [size]);
            int y = model.Arena(F32, [output ?? size]);
            model.Input(x);
            model.Output(y);
            model.Op(Opcode.Slice, [x], [y], size - 1, 0, 0, 0, 0, 0, step, 0, 0, 0, 0, 0);
            return model;
        }
    }

    // The operators end the file.
    private static RawModel Last(byte[] operators)
    {
        RawModel model = One(Opcode.Activation, F32, [2], [2], [0, 0, 0]);
        model.EditSections = sections =>
        {
            sections.RemoveAt(1);
            sections.Add((2, operators));
        };
        return model;
    }

    private static RawModel Edited(Func<byte[], byte[]> edit, bool input = false)
    {
        RawModel model = One(Opcode.Activation, F32, [2], [2], [0, 0, 0]);
        if (input)
        {
            model.Input(1);
        }

        model.EditSections = sections => sections[1] = (2, edit(sections[1].Data));
        return model;
    }
}
