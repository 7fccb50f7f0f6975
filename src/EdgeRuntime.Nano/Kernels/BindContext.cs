using System;
using EdgeInference.ModelFormat;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>What a kernel may ask while it is bound to one operator of one session. Nothing here is used per inference.</summary>
    internal sealed class BindContext
    {
        private readonly ModelFile file;
        private readonly SessionMemory memory;

        internal BindContext(ModelFile file, SessionMemory memory, OperatorRecord record, bool packWeights, int chunkBytes)
        {
            this.file = file;
            this.memory = memory;
            Operator = record;
            PackWeights = packWeights && chunkBytes == 0;
            ChunkBytes = chunkBytes;
        }

        internal readonly OperatorRecord Operator;

        /// <summary>Whether kernels may spend RAM on weights in the order that they read them.</summary>
        internal readonly bool PackWeights;

        /// <summary>Most bytes of weights that are read at a time; 0 if the file is in RAM.</summary>
        internal readonly int ChunkBytes;

        /// <summary>The model file, for weights that a kernel reads in chunks.</summary>
        internal ModelBytes File
        {
            get { return file.Bytes; }
        }

        /// <summary>The model file, for constants that a kernel reads in place.</summary>
        internal byte[] FileBytes
        {
            get { return file.Bytes.Array; }
        }

        internal TensorInfo Input(int position)
        {
            return Operator.Inputs[position];
        }

        internal TensorInfo Output()
        {
            return Operator.Outputs[0];
        }

        /// <summary>The elements of an input, or null if the operator does not have it.</summary>
        internal Array InputElements(int position)
        {
            return Operator.HasInput(position) ? memory.Elements(Operator.Inputs[position]) : null;
        }

        internal float[] InputFloats(int position)
        {
            return (float[])InputElements(position);
        }

        internal sbyte[] InputInt8s(int position)
        {
            return (sbyte[])InputElements(position);
        }

        internal short[] InputInt16s(int position)
        {
            return (short[])InputElements(position);
        }

        /// <summary>The elements of output <paramref name="position"/>, or null if the operator does not have it.</summary>
        internal float[] OutputFloats(int position)
        {
            return position < Operator.Outputs.Length ? memory.Floats(Operator.Outputs[position]) : null;
        }

        /// <summary>The elements of output <paramref name="position"/>.</summary>
        internal Array OutputElements(int position)
        {
            return memory.Elements(Operator.Outputs[position]);
        }

        internal Array OutputElements()
        {
            return memory.Elements(Operator.Outputs[0]);
        }

        /// <summary>The output's elements where it holds int8, else null.</summary>
        internal sbyte[] OutputInt8s()
        {
            return Output().Type == TensorType.Int8 ? memory.Int8s(Output()) : null;
        }

        /// <summary>The output's elements where it holds int16, else null.</summary>
        internal short[] OutputInt16s()
        {
            return Output().Type == TensorType.Int16 ? memory.Int16s(Output()) : null;
        }

        /// <summary>What a kernel made that the next one of its kind may share.</summary>
        internal object Shared
        {
            get { return memory.Shared; }
            set { memory.Shared = value; }
        }

        /// <summary>At least so many numbers that mean something within a run of one kernel only: all kernels of a session share them.</summary>
        internal int[] Sums(int count)
        {
            return memory.Sums(count);
        }

        /// <summary>The same of 64 bits.</summary>
        internal long[] Lanes(int count)
        {
            return memory.Lanes(count);
        }

        /// <summary>The numbers of a layer's channels, of that layer alone or in arrays that all kernels of a session share.</summary>
        internal ChannelFactors Factors(int[] layer, bool isShared)
        {
            ChannelFactors factors = isShared ? memory.Factors : new ChannelFactors(file.Bytes);
            factors.Load(layer);
            return factors;
        }

        /// <summary>An element of an int32 constant.</summary>
        internal int ConstantInt(int position, int element)
        {
            return file.Bytes.I32(Operator.Inputs[position].Offset + (element * 4));
        }

        /// <summary>Elements of a constant of int8, int16 or int32, of which the first two hold unsigned numbers.</summary>
        internal int[] Unsigned(int position)
        {
            TensorInfo tensor = Operator.Inputs[position];
            int[] values = new int[tensor.Elements];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = IntegerConstant.Unsigned(file.Bytes, tensor, i);
            }

            return values;
        }

        /// <summary>Elements of a constant of int8, int16 or int32.</summary>
        internal int[] Signed(int position)
        {
            TensorInfo tensor = Operator.Inputs[position];
            int[] values = new int[tensor.Elements];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = IntegerConstant.Signed(file.Bytes, tensor, i);
            }

            return values;
        }
    }
}
