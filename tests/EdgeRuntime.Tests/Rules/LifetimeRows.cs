using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Rules;

/// <summary>Which tensors of the arena may share bytes.</summary>
internal sealed class LifetimeRows : RuleRows
{
    private const int Arena = 0;
    private const int State = 2;
    private static readonly int[] none = new int[8];
    private static readonly int[] linear = [0, 0, 0];

    protected override void Add()
    {
        AddOwners();
        AddPlaces();
        AddInPlace();
        AddReshapes();
        AddStates();
        AddRecurrent();
    }

    // Tensors that are there from the start.
    private void AddOwners()
    {
        for (int offset = 0; offset <= 20; offset += 4)
        {
            RawModel model = Two(8, offset);
            if (offset is 0 or 16)
            {
                Good($"inputs at 8 and {offset}", model, [1, 2, 3, 4], [4, 6]);
            }
            else if (offset == 20)
            {
                Good("inputs at 8 and 20", model, [1, 2, 3, 4], [4, 6]);
            }
            else
            {
                Bad($"inputs at 8 and {offset}", "tensors", "tensors 0 and 1 share bytes while both are in use", model, _ => 0);
            }
        }

        RawModel bytes = new() { ArenaBytes = 16 };
        bytes.Arena(I8, [3], 1f, offset: 0);
        bytes.Arena(I8, [3], 1f, offset: 2);
        bytes.Input(0);
        bytes.Input(1);
        bytes.Output(0);
        Bad("inputs that share one byte", "tensors", "tensors 0 and 1 share bytes while both are in use", bytes, _ => 0);
        bytes.Tensors[1].Offset = 3;
        Good("inputs that touch", bytes, [1, 2, 3, 4, 5, 6], [1, 2, 3]);
        RawModel wide = new();
        wide.Arena(I8, [12], 1f, offset: 0);
        wide.Arena(I8, [2], 1f, offset: 4);
        wide.Input(0);
        wide.Input(1);
        wide.Output(0);
        Bad("an input within another", "tensors", "tensors 0 and 1 share bytes while both are in use", wide, _ => 0);
        foreach ((int offset, bool good) in new[] { (8, true), (4, false), (0, false) })
        {
            RawModel model = new();
            model.Arena(F32, [2], offset: 0);
            model.Arena(F32, [2], offset: offset, storage: State);
            model.Arena(F32, [2], offset: 16);
            model.Input(0);
            model.Output(2);
            model.Op(Opcode.Add, [0, 1], [2], none);
            if (good)
            {
                Good($"a state at {offset}", model, [1, 2], [1, 2]);
            }
            else
            {
                Bad($"a state at {offset}", "tensors", "tensors 0 and 1 share bytes while both are in use", model, _ => 0);
            }
        }

        RawModel same = Two(8, 8);
        same.Operators.Clear();
        same.Op(Opcode.Activation, [1], [2], linear);
        Bad("an input over one that nothing reads", "tensors", "tensors 0 and 1 share bytes while both are in use", same, _ => 0);
        RawModel idle = Two(0, 8);
        idle.Operators.Clear();
        idle.Op(Opcode.Activation, [1], [2], linear);
        idle.Tensors[2].Offset = 0;
        Good("an output over an input that nothing reads", idle, [1, 2, 3, 4], [3, 4]);
        RawModel free = Two(0, 8);
        free.Arena(F32, [8], offset: 0);
        Good("a tensor that nothing writes may lie anywhere", free, [1, 2, 3, 4], [4, 6]);

        static RawModel Two(int first, int second)
        {
            var model = new RawModel();
            model.Arena(F32, [2], offset: first);
            model.Arena(F32, [2], offset: second);
            model.Arena(F32, [2], offset: 32);
            model.Input(0);
            model.Input(1);
            model.Output(2);
            model.Op(Opcode.Add, [0, 1], [2], none);
            return model;
        }
    }

    // x at 0, a of x, b of a, y of b and of what else is read at the end; one tensor after the other is where the bytes of another are.
    private void AddPlaces()
    {
        const string Share = "share bytes while both are in use";
        Good("three after each other", Chain(0, 8, 16, 24, [2]), [1, 2], [1, 2]);
        Good("a dead one's bytes", Chain(8, 16, 4, 24, [2]), [1, 2], [1, 2]);
        Good("all dead ones' bytes", Chain(0, 8, 0, 8, [2]), [1, 2], [1, 2]);
        Fault("b in the last bytes of x", 1, Chain(0, 8, 4, 24, [2, 0]), $"tensors 0 and 2 {Share}");
        Fault("b in the place of x", 1, Chain(0, 8, 0, 24, [2, 0]), $"tensors 0 and 2 {Share}");
        Fault("b before x", 1, Chain(8, 16, 4, 24, [2, 0]), $"tensors 0 and 2 {Share}");
        Good("b beside x", Chain(8, 16, 0, 24, [2, 0]), [1, 2], [2, 4]);
        Fault("a before x by its last bytes", 0, Chain(8, 4, 16, 24, [2]), $"tensors 0 and 1 {Share}");
        Fault("a behind x by its first bytes", 0, Chain(8, 12, 16, 24, [2]), $"tensors 0 and 1 {Share}");
        Fault("y over a that is read at the end", 2, Chain(0, 8, 16, 12, [2, 1]), $"tensors 1 and 3 {Share}");
        RawModel output = Chain(0, 8, 16, 8, [2]);
        output.Output(1);
        Fault("an output of the model before the end", 2, output, $"tensors 1 and 3 {Share}");
        RawModel input = Chain(0, 8, 16, 0, [2]);
        input.Output(0);
        Fault("an input that is an output", 2, input, $"tensors 0 and 3 {Share}");
        RawModel unread = Chain(0, 8, 16, 24, [2]);
        unread.Operators.Clear();
        unread.Op(Opcode.Activation, [0], [1], linear);
        unread.Op(Opcode.Activation, [0], [2], linear);
        unread.Op(Opcode.Activation, [2], [3], linear);
        unread.Tensors[1].Offset = 16;
        Good("a result that nothing reads is free after its operator", unread, [1, 2], [1, 2]);
        unread.Tensors[1].Offset = 4;
        Fault("a result that nothing reads is written where an input lies", 0, unread, $"tensors 0 and 1 {Share}");
        RawModel last = Chain(0, 8, 16, 24, [2]);
        last.Operators.Clear();
        last.Op(Opcode.Activation, [0], [3], linear);
        last.Op(Opcode.Activation, [0], [1], linear);
        last.Tensors[1].Offset = 24;
        Fault("a result that nothing reads is written where an output lies", 1, last, $"tensors 3 and 1 {Share}");
        RawModel twice = Chain(0, 8, 16, 24, [2]);
        twice.Op(Opcode.Activation, [0], [1], linear);
        Fault("a tensor is written twice", 3, twice, "Activation writes tensor 1, which is already written");
        RawModel own = Chain(0, 8, 16, 24, [2]);
        own.Op(Opcode.Activation, [1], [0], linear);
        Fault("an input is written", 3, own, "Activation writes tensor 0, which is already written");
        AddCrowd();
    }

    // Seven inputs live at once, 16 bytes apart and eight long, so that the search for a place among them matters.
    private void AddCrowd()
    {
        int[] places = [16, 96, 32, 80, 48, 112, 64];
        foreach (int place in places)
        {
            foreach (int by in new[] { -4, 0, 4 })
            {
                var model = new RawModel();
                for (int i = 0; i < places.Length; i++)
                {
                    model.Arena(F32, [2], offset: places[i]);
                    model.Input(i);
                }

                model.Arena(F32, [2], offset: place + 8 + by);
                model.Op(Opcode.Activation, [0], [7], linear);
                for (int i = 0; i < places.Length; i++)
                {
                    model.Arena(F32, [2], offset: 256 + (8 * i));
                    model.Op(Opcode.Add, [7 + i, i], [8 + i], none);
                }

                model.Output(14);
                string name = $"among seven, {by} bytes from the end of the one at {place}";
                int other = by == 0 ? -1 : Array.IndexOf(places, by < 0 ? place : place + 16);
                if (other < 0)
                {
                    Good(name, model, Count(14), [50, 58]);
                }
                else
                {
                    Fault(name, 0, model, $"tensors {other} and 7 share bytes while both are in use");
                }
            }
        }
    }

    private void AddInPlace()
    {
        const string Share = "share bytes while both are in use";
        Good("a function in place", Function(Opcode.Activation, linear, 0, [2], 0), [1, 2], [1, 2]);
        Fault("a function in place of what is read later", 0, Later(), $"tensors 0 and 1 {Share}");
        Fault("a softmax in place", 0, Function(Opcode.Softmax, [Bits(1f), 0, 0, 0], 0, [2], 0), $"tensors 0 and 1 {Share}");
        Good("a sum over its first", Sum([0, 1], 0), [1, 2, 3, 4], [4, 6]);
        Good("a sum over its second", Sum([0, 1], 8), [1, 2, 3, 4], [4, 6]);
        Good("twice itself", Sum([0, 0], 0), [1, 2, 3, 4], [2, 4]);
        Fault("a sum over both", 0, Sum([0, 1], 4), $"tensors 0 and 2 {Share}");
        RawModel small = Sum([0, 1], 8);
        small.Tensors[1].Shape = [1];
        Fault("a sum over an input that is repeated", 0, small, $"tensors 1 and 2 {Share}");
        RawModel other = Sum([0, 1], 0);
        other.Operators.Clear();
        other.Op(Opcode.Expand, [0], [2]);
        other.Tensors[0].Shape = [1];
        Fault("an expansion over its input", 0, other, $"tensors 0 and 2 {Share}");
        RawModel types = new();
        types.Arena(F32, [2]);
        types.Arena(I8, [8], 1f, offset: 0);
        types.Arena(I8, [8], 1f, offset: 16);
        types.Input(0);
        types.Output(2);
        types.Operators.Clear();
        types.Tensors[1].Shape = [2];
        types.Op(Opcode.Quantize, [0], [1]);
        types.Tensors[2].Shape = [2];
        types.Op(Opcode.Table, [1, types.Bytes([256], new sbyte[256])], [2]);
        Fault("a quantization over its input", 0, types, $"tensors 0 and 1 {Share}");
        RawModel table = new();
        table.Arena(I8, [4], 1f, offset: 0);
        table.Arena(I16, [4], 1f, offset: 0);
        table.Input(0);
        table.Output(1);
        table.Op(Opcode.Table, [0, table.Shorts([256], new short[256])], [1]);
        Fault("a table of a wider type over its input", 0, table, $"tensors 0 and 1 {Share}");
        Good("a table over its input", Function(Opcode.Table, [], 0, [2], 0, I8), [1, 2], [1, 2]);
        Fault("a quotient over an input that is repeated first", 0, Repeated(), $"tensors 0 and 2 {Share}");

        static RawModel Repeated()
        {
            RawModel model = Sum([0, 1], 0);
            model.Tensors[0].Shape = [1];
            return model;
        }

        static RawModel Later()
        {
            var model = new RawModel();
            model.Arena(F32, [2]);
            model.Arena(F32, [2], offset: 0);
            model.Arena(F32, [2], offset: 8);
            model.Input(0);
            model.Output(2);
            model.Op(Opcode.Activation, [0], [1], linear);
            model.Op(Opcode.Add, [0, 1], [2], none);
            return model;
        }

        static RawModel Sum(int[] inputs, int offset)
        {
            var model = new RawModel();
            model.Arena(F32, [2]);
            model.Arena(F32, [2]);
            model.Arena(F32, [2], offset: offset);
            model.Input(0);
            model.Input(1);
            model.Output(2);
            model.Op(Opcode.Add, inputs, [2], none);
            return model;
        }
    }

    private void AddReshapes()
    {
        const string Share = "share bytes while both are in use";
        Good("another shape of the same bytes", Reshaped(0, read: 1), [1, 2], [1, 2]);
        Good("both shapes are read", Reshaped(0, read: 0), [1, 2], [2, 4]);
        Fault("a reshape that lies half over its source", 0, Reshaped(4, read: 1), $"tensors 0 and 1 {Share}");
        Good("a reshape elsewhere", Reshaped(8, read: 0), [1, 2], [2, 4]);

        // The other shape is read last, so that its source's bytes are not free before.
        RawModel lower = Reshaped(0, read: 1);
        lower.Tensors[0].Offset = 8;
        lower.Tensors[1].Offset = 4;
        Fault("a reshape that begins before its source", 0, lower, $"tensors 0 and 1 {Share}");
        RawModel first = new();
        first.Arena(F32, [1, 2], offset: 0);
        first.Arena(F32, [2], offset: 0);
        first.Arena(F32, [1, 2], offset: 8);
        first.Input(1);
        first.Output(2);
        first.Op(Opcode.Reshape, [1], [0]);
        first.Op(Opcode.Activation, [0], [2], linear);
        Good("another shape whose number is the lower one", first, [1, 2], [1, 2]);
        RawModel kept = Reshaped(0, read: 1);
        kept.Tensors[2].Offset = 0;
        Good("the last reader works in place", kept, [1, 2], [1, 2]);
        RawModel late = Reshaped(0, read: 1);
        late.Operators.Clear();
        late.Op(Opcode.Reshape, [0], [1]);
        late.Op(Opcode.Activation, [0], [3], linear);
        late.Op(Opcode.Add, [1, 3], [2], none);
        late.Arena(F32, [2], offset: 0);
        Fault("a reshape is read after its source", 1, late, $"tensors 0 and 3 {Share}");
        late.Tensors[3].Offset = 24;
        late.ArenaBytes = 64;
        Good("a reshape is read after its source, apart", late, [1, 2], [2, 4]);
        RawModel output = Reshaped(0, read: 1);
        output.Output(1);
        output.Tensors[2].Offset = 0;
        Fault("a reshape is an output", 1, output, $"tensors 0 and 2 {Share}");
        RawModel constant = new();
        int source = constant.Floats([2], 1, 2);
        int x = constant.Arena(F32, [2], offset: 0);
        int y = constant.Arena(F32, [2, 1], offset: 8);
        constant.Input(x);
        constant.Output(y);
        constant.Op(Opcode.Reshape, [source], [y]);
        Good("a reshape of a constant", constant, [9, 9], [1, 2]);
        constant.ArenaBytes = 1024;
        constant.Output(x);
        constant.Build();
        constant.Tensors[x].Offset = constant.Starts[4];
        constant.Tensors[y].Offset = constant.Starts[4];
        Fault("a reshape of a constant whose place in the file is the output's in the arena", 0, constant, $"tensors 1 and 2 {Share}");
        RawModel state = new();
        state.Arena(F32, [2], offset: 0);
        state.Arena(F32, [2], storage: State, offset: 8);
        state.Arena(F32, [2, 1], offset: 8);
        state.Arena(F32, [2, 2], offset: 16);
        state.Input(0);
        state.Output(3);
        state.Op(Opcode.Reshape, [1], [2]);
        state.Op(Opcode.Add, [0, 2], [3], none);
        Good("another shape of a state", state, [1, 2], [1, 2, 1, 2]);

        static RawModel Reshaped(int offset, int read)
        {
            var model = new RawModel();
            model.Arena(F32, [2], offset: 0);
            model.Arena(F32, [1, 2], offset: offset);
            model.Arena(F32, [1, 2], offset: 16);
            model.Input(0);
            model.Output(2);
            model.Op(Opcode.Reshape, [0], [1]);
            if (read == 1)
            {
                model.Op(Opcode.Activation, [1], [2], linear);
            }
            else
            {
                model.Op(Opcode.Add, [0, 1], [2], none);
            }

            return model;
        }
    }

    private void AddStates()
    {
        Good("a state kept by its own sum", Kept(Opcode.Add, [0, 1], none), [1, 2], [1, 2]);
        Good("a state overwritten by what does not read it", Kept(Opcode.Softmax, [0], [Bits(1f), 0, 0, 0]), [0, 0], [0.5, 0.5]);
        Fault("a state overwritten by what reads it again", 0, Kept(Opcode.Softmax, [1], [Bits(1f), 0, 0, 0]), "tensor 1 is written while it is read");
        RawModel spread = Kept(Opcode.MatMul, [0, 1], []);
        spread.Tensors[0].Shape = [2, 2];
        spread.Tensors[1].Shape = [2, 1];
        spread.Tensors[1].Offset = 16;
        spread.ArenaBytes = 64;
        Fault("a state overwritten by a product with it", 0, spread, "tensor 1 is written while it is read");
        const string Share = "share bytes while both are in use";
        Fault("an output over a state that is read", 0, Read(8, 16), $"tensors 1 and 2 {Share}");
        Fault("an output over a state that was read", 1, Read(16, 8), $"tensors 1 and 3 {Share}");
        Good("a state apart", Read(16, 24), [1, 2], [1, 2]);
        RawModel after = new();
        after.Arena(F32, [2], storage: State);
        after.Arena(F32, [2]);
        after.Input(1);
        after.Output(0);
        after.Op(Opcode.Softmax, [1], [0], Bits(1f), 0, 0, 0);
        Good("a state overwritten by what reads a tensor of a higher number", after, [0, 0], [0.5, 0.5]);
        RawModel alias = Kept(Opcode.Softmax, [2], [Bits(1f), 0, 0, 0]);
        alias.Operators.Clear();
        alias.Arena(F32, [2], offset: 8);
        alias.Op(Opcode.Reshape, [1], [2]);
        alias.Op(Opcode.Softmax, [2], [1], Bits(1f), 0, 0, 0);
        Fault("a state overwritten by what reads it in another shape", 1, alias, "tensor 1 is written while it is read");

        Fault("a state's other shape is read after the state is overwritten", 2, Stale(8, 1, 2), $"tensors 1 and 2 {Share}");
        Fault("the same, the other shape having the lower number", 2, Stale(8, 2, 1), $"tensors 2 and 1 {Share}");
        Good("a state's copy is read after the state is overwritten", Stale(24, 1, 2), [0, 0], [0, 0]);
        RawModel given = Stale(8, 1, 2);
        given.Output(2);
        given.Operators.RemoveAt(2);
        given.Op(Opcode.Activation, [0], [3], linear);
        Bad("a state's other shape is an output after the state is overwritten", "tensors", $"tensors 1 and 2 {Share}", given, _ => 0);
        RawModel kept = Stale(8, 1, 2);
        kept.Operators.Reverse(0, 2);
        Good("another shape of a state that was overwritten", kept, [0, 0], [0.5, 0.5]);
        kept = Stale(8, 1, 2);
        kept.Operators.Reverse(1, 2);
        Good("a state's other shape is read before the state is overwritten", kept, [0, 0], [0, 0]);
        kept.Output(1);
        Good("a state is an output after it is overwritten", kept, [0, 0], [0, 0, 0.5, 0.5]);

        RawModel over = Stale(8, 1, 2);
        over.Operators.RemoveAt(1);
        over.Arena(F32, [2], offset: 8);
        over.Output(4);
        over.Op(Opcode.Activation, [3], [4], linear);
        Fault("a tensor over a state whose other shape was read", 2, over, $"tensors 1 and 4 {Share}");

        // x, a state at 8 and another shape of it, which is read after the state is overwritten.
        static RawModel Stale(int place, int state, int shape)
        {
            var model = new RawModel();
            model.Arena(F32, [2]);
            model.Arena(F32, [2], offset: state == 1 ? 8 : place, storage: state == 1 ? State : Arena);
            model.Arena(F32, [2], offset: state == 2 ? 8 : place, storage: state == 2 ? State : Arena);
            model.Arena(F32, [2], offset: 16);
            model.Input(0);
            model.Output(3);
            model.Op(Opcode.Reshape, [state], [shape]);
            model.Op(Opcode.Softmax, [0], [state], Bits(1f), 0, 0, 0);
            model.Op(Opcode.Activation, [shape], [3], linear);
            return model;
        }

        // x, a state at 8, their sum, and a copy of the sum.
        static RawModel Read(int sum, int copy)
        {
            var model = new RawModel { ArenaBytes = 64 };
            model.Arena(F32, [2]);
            model.Arena(F32, [2], storage: State);
            model.Arena(F32, [2], offset: sum);
            model.Arena(F32, [2], offset: copy);
            model.Input(0);
            model.Output(3);
            model.Op(Opcode.Add, [0, 1], [2], none);
            model.Op(Opcode.Activation, [2], [3], linear);
            return model;
        }

        static RawModel Kept(Opcode opcode, int[] inputs, int[] parameters)
        {
            var model = new RawModel();
            model.Arena(F32, [2]);
            model.Arena(F32, [2], storage: State);
            model.Input(0);
            model.Output(1);
            model.Op(opcode, inputs, [1], parameters);
            return model;
        }
    }

    // Outputs of one operator, and the states of a layer in their own place.
    private void AddRecurrent()
    {
        const string Share = "share bytes while both are in use";
        Good("a layer keeps its state", Layer(4, 1, State), [3], [3, 3]);
        Fault("a layer's states over its outputs", 0, Layer(4, 1, Arena, 8), $"tensors 1 and 2 {Share}");
        Good("states apart from outputs", Layer(4, 1, Arena, 12), [3, 5], [3, 3]);
        Good("a last state over a first one", Layer(4, 1, Arena, 4), [3, 5], [3, 3]);
        Fault("all states over the first one", 0, Layer(4, 1, Arena, 12, 4), $"tensors 3 and 1 {Share}");
        Fault("a last state over the input", 0, Layer(4, 1, Arena, 0), $"tensors 0 and 2 {Share}");
        RawModel both = Lstm(1, 1);
        Fault("one state written as two outputs", 0, both, "tensor 1 is written while it is read");
        RawModel unread = Lstm(1, 1);
        unread.Operators.Clear();
        unread.Op(Opcode.LSTM, [0, 4, 5], [3, 1, 1], new int[12]);
        Fault("one state written as two outputs that nothing reads", 0, unread, "tensor 1 is written while it is read");
        Good("two states", Lstm(1, 2));
        Fault("two states the wrong way round", 0, Lstm(2, 1), "tensor 2 is written while it is read");
        RawModel dead = Layer(4, 1, Arena, 12);
        dead.Tensors[2].Offset = 8;
        Fault("a result that nothing reads beside another", 0, dead, $"tensors 1 and 2 {Share}");

        // x, all states, the last one, the first one.
        static RawModel Layer(int input, int output, int storage, int last = 12, int all = 8)
        {
            var model = new RawModel { ArenaBytes = 32 };
            model.Arena(F32, [1, 1, 1], offset: 0);
            model.Arena(F32, [1, 1, 1], offset: all);
            model.Arena(F32, [1, 1], offset: last, storage: storage);
            int first = storage == State ? 2 : model.Arena(F32, [1, 1], offset: 4);
            model.Input(0);
            if (first != 2)
            {
                model.Input(first);
            }

            model.Output(1);
            model.Output(2);
            model.Op(Opcode.RNN, [0, model.Floats([1, 1], 1), model.Floats([1, 1], 0), -1, first], [1, 2], new int[12]);
            return model;
        }

        // x, two states, all states.
        static RawModel Lstm(int hidden, int cell)
        {
            var model = new RawModel();
            model.Arena(F32, [1, 1, 1]);
            model.Arena(F32, [1, 1], storage: State);
            model.Arena(F32, [1, 1], storage: State);
            model.Arena(F32, [1, 1, 1]);
            model.Input(0);
            model.Output(3);
            model.Op(Opcode.LSTM, [0, model.Floats([4, 1], 1, 1, 1, 1), model.Floats([4, 1], 0, 0, 0, 0), -1, 1, 2], [3, hidden, cell], new int[12]);
            return model;
        }
    }

    private void Fault(string name, int at, RawModel model, string reason) => Bad(name, "operators", reason, model, laid => laid.OperatorStart(at));

    // Tensors of two numbers: x, a of x, b of a, y the sum of what it reads, or the same as the one.
    private static RawModel Chain(int x, int a, int b, int y, int[] read)
    {
        var model = new RawModel { ArenaBytes = 64 };
        foreach (int offset in new[] { x, a, b, y })
        {
            model.Arena(F32, [2], offset: offset);
        }

        model.Input(0);
        model.Output(3);
        model.Op(Opcode.Activation, [0], [1], linear);
        model.Op(Opcode.Activation, [1], [2], linear);
        if (read.Length == 1)
        {
            model.Op(Opcode.Activation, read, [3], linear);
        }
        else
        {
            model.Op(Opcode.Add, read, [3], none);
        }

        return model;
    }

    private static RawModel Function(Opcode opcode, int[] parameters, int x, int[] shape, int y, TensorType type = F32)
    {
        var model = new RawModel();
        float? scale = type == F32 ? null : 1f;
        model.Arena(type, shape, scale, offset: x);
        model.Arena(type, shape, scale, offset: y);
        model.Input(0);
        model.Output(1);
        int[] more = type == F32 ? [] : [model.Bytes([256], [.. Enumerable.Range(-128, 256).Select(i => (sbyte)i)])];
        model.Op(opcode, [0, .. more], [1], parameters);
        return model;
    }
}
