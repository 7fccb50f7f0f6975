using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Rules;

/// <summary>The records of the contract section, and inputs and outputs.</summary>
internal sealed class ContractRows : RuleRows
{
    private const string Entries = "the number of inputs or outputs does not fit the record";

    protected override void Add()
    {
        AddRecords();
        AddPayloads();
        AddInputs();
        AddOutputs();
        AddLengths();
    }

    private void AddRecords()
    {
        byte[] inputs = Record(1, [0, 0, 0]);
        byte[] outputs = Record(2, [1, 0, 0, 0]);
        Good("inputs and outputs alone", Contract([.. inputs, .. outputs]));
        Bad("no inputs", "contract", "the record of the inputs is missing", Contract(outputs), _ => 0);
        Bad("no outputs", "contract", "the record of the outputs is missing", Contract(inputs), _ => 0);
        Bad("no record", "contract", "the record of the inputs is missing", Contract([]), _ => 0);
        const string Unfit = "a record does not fit in the section";
        byte[] both = [.. inputs, .. outputs];
        for (int more = 1; more <= 4; more++)
        {
            byte[] rest = more < 4 ? new byte[more] : [200, 1, 0, 0];
            Bad($"{more} bytes after the last record", "contract", Unfit, Contract([.. both, .. rest]), model => model.Starts[3] + both.Length);
        }

        Good("an empty last record", Contract([.. both, .. Record(200, [])]));
        Bad("a last record of 2²⁴ - 1 bytes", "contract", Unfit, Contract([.. both, 200, 255, 255, 255]), model => model.Starts[3] + both.Length);
        foreach ((int first, int second) in new[] { (200, 200), (201, 200), (12, 12) })
        {
            Bad($"record {second} after record {first}", "contract", $"record {second} comes after record {first}; each must appear once, in ascending order", Contract([.. both, .. Record(first, []), .. Record(second, [])]), model => model.Starts[3] + both.Length + 4);
        }

        Bad("record 0", "contract", "this engine has no record 0 of the contract, which is required; update the runtime", Contract([.. Record(0, []), .. both]), model => model.Starts[3]);
        Good("record 201 after record 200", Contract([.. both, .. Record(200, [1]), .. Record(201, [2])]));
        foreach (int key in new[] { 15, 127 })
        {
            Bad($"record {key}", "contract", $"this engine has no record {key} of the contract, which is required; update the runtime", Contract([.. both, .. Record(key, [])]), model => model.Starts[3] + both.Length);
        }

        foreach (int key in new[] { 128, 130, 132, 133, 134, 136, 255 })
        {
            Good($"record {key}", Contract([.. both, .. Record(key, [1, 2, 3])]));
        }
    }

    private void AddPayloads()
    {
        byte[] both = [.. Record(1, [0, 0, 0]), .. Record(2, [1, 0, 0, 0])];
        foreach (int key in new[] { 6, 8, 9, 10, 11 })
        {
            foreach (int length in new[] { 0, 1, 2, 3, 5 })
            {
                Bad($"record {key} of {length} bytes", "contract", "a list of numbers is empty or not a multiple of four bytes long", Contract([.. both, .. Record(key, new byte[length])]), model => model.Starts[3] + both.Length + 4);
            }
        }

        foreach (int key in new[] { 131, 135 })
        {
            Good($"record {key} of 32 bytes", Contract([.. both, .. Record(key, new byte[32])]));
            foreach (int length in new[] { 0, 31, 33 })
            {
                Bad($"record {key} of {length} bytes", "contract", "a SHA-256 is not 32 bytes long", Contract([.. both, .. Record(key, new byte[length])]), model => model.Starts[3] + both.Length + 4);
            }
        }

        Good("missing values", Contract([.. both, .. Record(12, [])]));
        Bad("missing values of a byte", "contract", "record 12 is not empty", Contract([.. both, .. Record(12, [0])]), model => model.Starts[3] + both.Length + 4);
        foreach (int key in new[] { 3, 7, 129 })
        {
            foreach (byte[] payload in new byte[][] { [2, 65], [1, 65, 1], [128], [128, 1] })
            {
                Bad($"record {key} of {string.Join(' ', payload)}", "contract", "a list of texts does not fit in its record", Contract([.. both, .. Record(key, payload)]), model => model.Starts[3] + both.Length + 4);
            }
        }

        Good("texts of two bytes of length", Contract([.. both, .. Record(7, [.. RawModel.Text(new string('a', 200)), .. RawModel.Text("b")])]));
    }

    private void AddInputs()
    {
        foreach (byte[] payload in new byte[][] { [], [0], [0, 0], [0, 0, 1], [0, 0, 0, 9], [0, 0, 0, 0, 0], [0, 0, 128], [0, 0, 128, 1] })
        {
            Bad($"inputs of {string.Join(' ', payload)}", "contract", Entries, Contract([.. Record(1, payload), .. Record(2, [1, 0, 0, 0])]), model => model.Starts[3] + 4);
        }

        Good("an input of a long name", Contract([.. Record(1, [0, 0, .. RawModel.Text(new string('n', 300))]), .. Record(2, [1, 0, 0, 0])]));
        Good("an input twice", Contract([.. Record(1, [0, 0, 0, 0, 0, 1, 65]), .. Record(2, [1, 0, 0, 0])]));
        Bad("an input past the last tensor", "contract", "tensor 2 does not exist", Contract([.. Record(1, [2, 0, 0]), .. Record(2, [1, 0, 0, 0])]), model => model.Starts[3] + 4);
        Bad("a second input past the last tensor", "contract", "tensor 2 does not exist", Contract([.. Record(1, [0, 0, 1, 65, 2, 0, 0]), .. Record(2, [1, 0, 0, 0])]), model => model.Starts[3] + 4 + 4);
        foreach (int storage in new[] { 1, 2 })
        {
            RawModel model = One(Opcode.Activation, F32, [2], [2], [0, 0, 0]);
            int other = storage == 1 ? model.Floats([2], 1, 2) : model.Arena(F32, [2], storage: 2);
            model.Input(other);
            Bad($"an input of storage {storage}", "contract", "input 1 is not in the arena", model, laid => laid.PayloadStart(1) + 3);
        }
    }

    private void AddOutputs()
    {
        foreach (byte[] payload in new byte[][] { [], [1, 0], [1, 0, 0], [1, 0, 0, 1], [1, 0, 0, 0, 9], [1, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0, 0] })
        {
            Bad($"outputs of {string.Join(' ', payload)}", "contract", Entries, Contract([.. Record(1, [0, 0, 0]), .. Record(2, payload)]), model => model.Starts[3] + 7 + 4);
        }

        for (int role = 0; role < 7; role++)
        {
            Good($"role {role}", Contract([.. Record(1, [0, 0, 0]), .. Record(2, [1, 0, (byte)role, 0])]));
        }

        Bad("role 7", "contract", "output 0 has an unknown role; update the runtime", Contract([.. Record(1, [0, 0, 0]), .. Record(2, [1, 0, 7, 0])]), model => model.Starts[3] + 7 + 4 + 2);
        Bad("an output past the last tensor", "contract", "tensor 2 does not exist", Contract([.. Record(1, [0, 0, 0]), .. Record(2, [2, 0, 0, 0])]), model => model.Starts[3] + 7 + 4);
        RawModel unwritten = One(Opcode.Activation, F32, [2], [2], [0, 0, 0]);
        unwritten.Output(unwritten.Arena(F32, [2]));
        Bad("an output that nothing writes", "contract", "no operator writes output 1", unwritten, model => model.PayloadStart(2) + 4);
        RawModel constant = One(Opcode.Activation, F32, [2], [2], [0, 0, 0]);
        constant.Output(constant.Floats([2], 8, 9));
        Good("an output that is a constant", constant, [1, 2], [1, 2, 8, 9]);
        RawModel state = One(Opcode.Activation, F32, [2], [2], [0, 0, 0]);
        state.Output(state.Arena(F32, [2], storage: 2));
        Good("an output that is a state", state, [1, 2], [1, 2, 0, 0]);
        RawModel input = One(Opcode.Activation, F32, [2], [2], [0, 0, 0]);
        input.Output(0);
        Good("an output that is an input", input, [1, 2], [1, 2, 1, 2]);
    }

    // 2²⁸ values at the most; a tensor counts as often as it is named.
    private void AddLengths()
    {
        Good("inputs of 2²⁸ values", Many(2, 1));
        Bad("inputs of more than 2²⁸ values", "contract", "the inputs have more than 268435456 values together", Many(3, 1), model => model.PayloadStart(1));
        Good("outputs of 2²⁸ values", Many(1, 2));
        Bad("outputs of more than 2²⁸ values", "contract", "the outputs have more than 268435456 values together", Many(1, 3), model => model.PayloadStart(2));
        RawModel one = Many(2, 1);
        one.Input(one.Arena(I8, [1], offset: 1 << 27));
        one.ArenaBytes = (1 << 27) + 1;
        Bad("inputs of 2²⁸ + 1 values", "contract", "the inputs have more than 268435456 values together", one, model => model.PayloadStart(1));
        Bad("inputs of 2³² values", "contract", "the inputs have more than 268435456 values together", Many(32, 1), model => model.PayloadStart(1));

        static RawModel Many(int inputs, int outputs)
        {
            var model = new RawModel();
            int x = model.Arena(I8, [1 << 27]);
            for (int i = 0; i < inputs; i++)
            {
                model.Input(x);
            }

            for (int i = 0; i < outputs; i++)
            {
                model.Output(x);
            }

            return model;
        }
    }

    private static byte[] Record(int key, byte[] payload) => [.. RawModel.Four(key | (payload.Length << 8)), .. payload];

    private static RawModel Contract(byte[] bytes)
    {
        RawModel model = One(Opcode.Activation, F32, [2], [2], [0, 0, 0]);
        model.Contract = bytes;
        return model;
    }
}
