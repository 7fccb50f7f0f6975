using System;
using EdgeInference.ModelFormat;
using EdgeInference.Nano.Kernels;

namespace EdgeInference.Nano
{
    /// <summary>
    /// The arrays that hold a session's tensors. Without pointers one arena cannot hold several types, so tensors of one type
    /// that start at one arena offset share an array; the planner gave them that place because they are never alive together,
    /// or because they are the same elements in another shape.
    /// </summary>
    /// <remarks>A reference takes a device 12 bytes and an index two, so that tensors have an index and only places have a reference.</remarks>
    internal sealed class SessionMemory
    {
        private readonly ModelFile file;

        // The place of each tensor that is not constant.
        private readonly ushort[] places;
        private readonly Array[] arrays;
        private readonly bool[] areStates;

        // Constants that a kernel asked for, and which tensor each is.
        private Array[] constants = new Array[4];
        private int[] constantTensors = new int[4];
        private int constantCount;

        // What kernels use within a run.
        private int[] sums = new int[0];
        private long[] lanes = new long[0];

        internal SessionMemory(ModelFile file)
        {
            this.file = file;
            Factors = new ChannelFactors(file.Bytes);
            SharedPlaces shared = new SharedPlaces(file);
            places = shared.Places;
            arrays = new Array[shared.Count];
            areStates = new bool[arrays.Length];
            for (int i = 0; i < arrays.Length; i++)
            {
                TensorInfo tensor = shared.Largest[i];
                arrays[i] = Make(tensor.Type, tensor.Elements);
                areStates[i] = tensor.Storage == TensorStorage.State;
            }
        }

        /// <summary>What kernels with many places read of their channels at each run.</summary>
        internal readonly ChannelFactors Factors;

        /// <summary>What a kernel made that the next one of its kind may share; null after the last kernel was made. Not of its type, which an engine for one model may lack.</summary>
        internal object Shared;

        /// <summary>Whether tensors of the type have a place; every type does but in an engine that 'edge emit --engine' wrote.</summary>
        internal static bool Holds(TensorType type)
        {
            switch (type)
            {
                case TensorType.Float32: return true;
                case TensorType.Int8: return true;
                case TensorType.Int16: return true;
                case TensorType.Int32: return true;
                case TensorType.Int64: return true;
                default: return false;
            }
        }

        /// <summary>Elements of a float32 tensor, from index 0; the array may be longer.</summary>
        internal float[] Floats(TensorInfo tensor)
        {
            return (float[])Elements(tensor);
        }

        /// <summary>Elements of an int8 tensor.</summary>
        internal sbyte[] Int8s(TensorInfo tensor)
        {
            return (sbyte[])Elements(tensor);
        }

        /// <summary>Elements of an int16 tensor.</summary>
        internal short[] Int16s(TensorInfo tensor)
        {
            return (short[])Elements(tensor);
        }

        /// <summary>Elements of an int32 tensor.</summary>
        internal int[] Int32s(TensorInfo tensor)
        {
            return (int[])Elements(tensor);
        }

        /// <summary>Elements of an int64 tensor.</summary>
        internal long[] Int64s(TensorInfo tensor)
        {
            return (long[])Elements(tensor);
        }

        /// <summary>Elements of a tensor of any type; a constant is copied out of the file when it is first asked for.</summary>
        internal Array Elements(TensorInfo tensor)
        {
            return tensor.Storage == TensorStorage.Constant ? Constant(tensor) : arrays[places[tensor.Index]];
        }

        /// <summary>Numbers that mean something within a run of one kernel only, so that all kernels share them.</summary>
        internal int[] Sums(int count)
        {
            sums = sums.Length < count ? new int[count] : sums;
            return sums;
        }

        /// <summary>The same of 64 bits.</summary>
        internal long[] Lanes(int count)
        {
            lanes = lanes.Length < count ? new long[count] : lanes;
            return lanes;
        }

        /// <summary>Lets go of the constants after the last kernel was made: those that hold one keep it, and an output may be one.</summary>
        internal void Release()
        {
            constants = new Array[1];
            constantTensors = new int[1];
            constantCount = 0;
            sums = null;
            lanes = null;
            Shared = null;
            for (int i = 0; i < file.Outputs.Length; i++)
            {
                Elements(file.Outputs[i]);
            }
        }

        /// <summary>Sets what the model keeps between inferences back to zero.</summary>
        internal void Reset()
        {
            for (int i = 0; i < arrays.Length; i++)
            {
                if (areStates[i])
                {
                    Array.Clear(arrays[i], 0, arrays[i].Length);
                }
            }
        }

        private Array Constant(TensorInfo tensor)
        {
            for (int i = 0; i < constantCount; i++)
            {
                if (constantTensors[i] == tensor.Index)
                {
                    return constants[i];
                }
            }

            if (constantCount == constants.Length)
            {
                Array[] more = new Array[2 * constantCount];
                int[] moreTensors = new int[2 * constantCount];
                Array.Copy(constants, more, constantCount);
                Array.Copy(constantTensors, moreTensors, constantCount);
                constants = more;
                constantTensors = moreTensors;
            }

            Array copy = Read(tensor);
            constantTensors[constantCount] = tensor.Index;
            constants[constantCount] = copy;
            constantCount++;
            return copy;
        }

        private static Array Make(TensorType type, int elements)
        {
            switch (type)
            {
                case TensorType.Float32: return new float[elements];
                case TensorType.Int8: return new sbyte[elements];
                case TensorType.Int16: return new short[elements];
                case TensorType.Int32: return new int[elements];
                case TensorType.Int64: return new long[elements];
                default: return null;
            }
        }

        private Array Read(TensorInfo tensor)
        {
            ModelBytes bytes = file.Bytes;
            int n = tensor.Elements;
            int offset = tensor.Offset;
            switch (tensor.Type)
            {
                case TensorType.Float32:
                    float[] floats = new float[n];
                    for (int i = 0; i < n; i++)
                    {
                        floats[i] = bytes.F32(offset + (i * 4));
                    }

                    return floats;
                case TensorType.Int8:
                    sbyte[] int8s = new sbyte[n];
                    for (int i = 0; i < n; i++)
                    {
                        int8s[i] = (sbyte)bytes.U8(offset + i);
                    }

                    return int8s;
                case TensorType.Int16:
                    short[] int16s = new short[n];
                    for (int i = 0; i < n; i++)
                    {
                        int16s[i] = (short)bytes.U16(offset + (i * 2));
                    }

                    return int16s;
                case TensorType.Int32:
                    int[] int32s = new int[n];
                    for (int i = 0; i < n; i++)
                    {
                        int32s[i] = bytes.I32(offset + (i * 4));
                    }

                    return int32s;
                case TensorType.Int64:
                    long[] int64s = new long[n];
                    for (int i = 0; i < n; i++)
                    {
                        int64s[i] = bytes.I64(offset + (i * 8));
                    }

                    return int64s;
                default:
                    return null;
            }
        }
    }
}
